import { expectedValue, compare, isOneOf, readValue } from './values.js';
import { fieldComplaint, fieldOf, operatorsOf, plainFieldNames } from './fields.js';
import { queryError } from './queryError.js';
import { showToken, type Token, tokenize } from './tokens.js';
import {
  allOf,
  anyOf,
  type Comparison,
  type Condition,
  exceededLimit,
  type Field,
  limits,
  type Operator,
  operators,
  type Scalar,
} from './tree.js';

/** What may stand where the parser is about to read. */
export type Expectation =
  | { kind: 'condition' }
  | { kind: 'operator'; field: Field }
  | { kind: 'value'; field: Field; operator: Operator | 'in' }
  | { kind: 'connective'; open: boolean }
  | { kind: 'list' };

/**
 * Reads a query.
 *
 * @example parseQuery('metric.validation/topic/accuracy > 0.8 and freeze.preset = "head-only" or tag = "best"')
 */
export function parseQuery(text: string): Condition {
  if (text.length > limits.length)
    throw queryError(limits.length + 1, `expected at most ${limits.length} characters, got ${text.length}`);
  return new Parser(text, tokenize(text)).parse();
}

/** Reads a field by itself, such as what runs are ordered by. */
export function parseField(text: string): Field {
  const tokens = text.length > limits.length ? [] : tokenize(text);
  const [token] = tokens;
  if (token?.kind !== 'word' || tokens.length !== 2)
    throw queryError(1, `expected one field, such as ${plainFieldNames[0]} or metric.<name>`);
  return checkedField(token);
}

function checkedField(token: Token & { kind: 'word' }): Field {
  const field = fieldOf(token.parts);
  if ('complaint' in field) throw queryError(token.start + 1, field.complaint);
  const complaint = fieldComplaint(field);
  if (complaint !== null) throw queryError(token.start + 1, complaint);
  return field;
}

/** Recursive descent: `or` binds loosest, then `and`, then `not`; a chain of one connective is one node. */
export class Parser {
  readonly #text: string;
  readonly #tokens: Token[];
  readonly #onExpect: (expectation: Expectation, token: Token) => void;
  #next = 0;
  #open = 0;
  #depth = 0;

  /** `onExpect` hears at every choice what may come, and what comes. */
  constructor(
    text: string,
    tokens: Token[],
    onExpect: (expectation: Expectation, token: Token) => void = () => {},
  ) {
    this.#text = text;
    this.#tokens = tokens;
    this.#onExpect = onExpect;
  }

  parse(): Condition {
    const condition = this.#parseOr();
    if (this.#token.kind !== 'end') throw this.#unexpected('and, or, or the end');
    const complaint = exceededLimit(condition);
    if (complaint !== null) throw queryError(1, complaint);
    return condition;
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #parseOr(): Condition {
    const conditions = [this.#parseAnd()];
    while (this.#takeKeyword('or')) conditions.push(this.#parseAnd());
    return anyOf(conditions);
  }

  #parseAnd(): Condition {
    const conditions = [this.#parseNot()];
    for (;;) {
      this.#expect({ kind: 'connective', open: this.#open > 0 });
      if (!this.#takeKeyword('and')) return allOf(conditions);
      conditions.push(this.#parseNot());
    }
  }

  #parseNot(): Condition {
    this.#expect({ kind: 'condition' });
    const { start } = this.#token;
    if (!this.#takeKeyword('not')) return this.#parsePrimary();
    return this.#nested(start, () => ({ kind: 'not', of: this.#parseNot() }));
  }

  #parsePrimary(): Condition {
    const token = this.#token;
    if (this.#takeSymbol('(')) {
      this.#open += 1;
      const condition = this.#nested(token.start, () => this.#parseOr());
      if (!this.#takeSymbol(')')) throw this.#unexpected('and, or, or a closing )');
      this.#open -= 1;
      return condition;
    }
    if (this.#takeKeyword('true')) return { kind: 'constant', value: true };
    if (this.#takeKeyword('false')) return { kind: 'constant', value: false };
    if (token.kind !== 'word' || keywordOf(token) !== null)
      throw this.#unexpected('a field, not, or an opening (');
    this.#next += 1;
    return this.#parseComparison(checkedField(token));
  }

  #parseComparison(field: Field): Condition {
    this.#expect({ kind: 'operator', field });
    const token = this.#token;
    if (this.#takeKeyword('not')) {
      if (!this.#takeKeyword('in')) throw this.#unexpected('in');
      return { kind: 'not', of: this.#parseMembership(field) };
    }
    if (this.#takeKeyword('in')) return this.#parseMembership(field);
    const operator = token.kind === 'symbol' ? operators.find((known) => known === token.symbol) : undefined;
    if (operator === undefined) throw this.#unexpected([...operatorsOf(field), 'in'].join(' '));
    this.#next += 1;
    const { start } = this.#token;
    const value = this.#parseValue(field, operator);
    // A field that takes no such operator is told at the operator, anything else at the value.
    const place = operatorsOf(field).includes(operator) ? start : token.start;
    return this.#checked(compare(field, operator, value), place);
  }

  #parseMembership(field: Field): Comparison {
    this.#expect({ kind: 'list' });
    const { start } = this.#token;
    if (!this.#takeSymbol('(')) throw this.#unexpected('an opening ( after in');
    const values: Scalar[] = [];
    do {
      const place = this.#token;
      const value = this.#parseValue(field, 'in');
      if (value === null) throw queryError(place.start + 1, `expected ${expectedValue(field)}, got null`);
      values.push(value);
    } while (this.#takeSymbol(','));
    if (!this.#takeSymbol(')')) throw this.#unexpected(', or a closing )');
    return this.#checked(isOneOf(field, values), start);
  }

  #parseValue(field: Field, operator: Operator | 'in'): Scalar | null {
    this.#expect({ kind: 'value', field, operator });
    const token = this.#token;
    if (this.#takeKeyword('null')) return null;
    const keyword = token.kind === 'word' ? keywordOf(token) : null;
    const isValue = token.kind === 'string' || (token.kind === 'word' && !isConnective(keyword));
    const value = isValue ? readValue(field, token) : undefined;
    if (value === undefined) throw this.#unexpected(expectedValue(field));
    this.#next += 1;
    return value;
  }

  #checked(comparison: Comparison | { complaint: string }, start: number): Comparison {
    if ('complaint' in comparison) throw queryError(start + 1, comparison.complaint);
    return comparison;
  }

  /** Counts nesting, so that no text makes the parser overflow the stack. */
  #nested(start: number, parse: () => Condition): Condition {
    this.#depth += 1;
    if (this.#depth > limits.depth)
      throw queryError(start + 1, `expected conditions nested at most ${limits.depth} deep`);
    const condition = parse();
    this.#depth -= 1;
    return condition;
  }

  #takeKeyword(keyword: Keyword): boolean {
    const token = this.#token;
    const found = token.kind === 'word' && keywordOf(token) === keyword;
    if (found) this.#next += 1;
    return found;
  }

  #takeSymbol(symbol: string): boolean {
    const found = this.#token.kind === 'symbol' && this.#token.symbol === symbol;
    if (found) this.#next += 1;
    return found;
  }

  #expect(expectation: Expectation): void {
    this.#onExpect(expectation, this.#token);
  }

  #unexpected(expected: string): Error {
    return queryError(
      this.#token.start + 1,
      `expected ${expected}, got ${showToken(this.#token, this.#text)}`,
    );
  }
}

const keywords = ['and', 'or', 'not', 'in', 'true', 'false', 'null'] as const;
type Keyword = (typeof keywords)[number];

function keywordOf({ raw }: Token & { kind: 'word' }): Keyword | null {
  return keywords.find((keyword) => keyword === raw.toLowerCase()) ?? null;
}

function isConnective(keyword: Keyword | null): boolean {
  return keyword === 'and' || keyword === 'or' || keyword === 'not' || keyword === 'in';
}
