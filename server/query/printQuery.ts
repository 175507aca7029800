import { printField } from './fields.js';
import { quote } from './tokens.js';
import { type Comparison, type Condition, type Scalar } from './tree.js';

/** Writes a condition in the query language; what is read from it is the same condition. */
export function printQuery(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
    case 'in':
      return printComparison(condition);
    case 'constant':
      return String(condition.value);
    case 'not':
      return `not ${printInner(condition.of, isJoined)}`;
    case 'and':
      return condition.of.map((child) => printInner(child, isJoined)).join(' and ');
    case 'or':
      return condition.of.map((child) => printInner(child, ({ kind }) => kind === 'or')).join(' or ');
  }
}

function printInner(condition: Condition, needsParentheses: (condition: Condition) => boolean): string {
  const text = printQuery(condition);
  return needsParentheses(condition) ? `(${text})` : text;
}

function isJoined({ kind }: Condition): boolean {
  return kind === 'and' || kind === 'or';
}

function printComparison(comparison: Comparison): string {
  const field = printField(comparison.field);
  if (comparison.kind === 'in') return `${field} in (${comparison.values.map(printScalar).join(', ')})`;
  const { operator, value } = comparison;
  return `${field} ${operator} ${value === null ? 'null' : printScalar(value)}`;
}

function printScalar(value: Scalar): string {
  return typeof value === 'string' ? quote(value) : String(value);
}
