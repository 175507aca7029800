import { operatorsOf, plainFieldNames, printField } from './fields.js';
import { type Expectation, Parser } from './parseQuery.js';
import { quote, type Token, tokenize } from './tokens.js';
import { type Field, limits, metricValues } from './tree.js';
import { runStates } from './values.js';

export type CompletionKind = 'field' | 'operator' | 'value' | 'keyword';

export interface Completion {
  /** What to put in place of the text from `from` to `to`. */
  text: string;
  kind: CompletionKind;
}

/** Columns are counted from 1; the text between `from` and `to` is what the completions replace. */
export interface Completions {
  from: number;
  to: number;
  items: Completion[];
}

/** What the stored runs have, as far as completions need it. `like` is what has been typed of it. */
export interface Candidates {
  metrics(like: string): Promise<string[]>;
  settings(): Promise<string[][]>;
  values(field: Field): Promise<(string | number | boolean)[]>;
}

const MAX_ITEMS = 50;

/** What may be typed where the caret stands: before the character at `column`. */
export async function completeQuery(
  text: string,
  column: number,
  candidates: Candidates,
): Promise<Completions> {
  const caret = Math.max(0, Math.min(column - 1, text.length));
  const none = { from: caret + 1, to: caret + 1, items: [] };
  if (text.length > limits.length) return none;
  const place = placeAt(text, caret);
  if (place === null) return none;
  const { expectation, from, to } = place;
  const typed = text.slice(from, caret);
  const all = await completionsFor(expectation, typed, candidates);
  const seen = new Set<string>();
  const items = ranked(all, typed).filter(
    (item) => !seen.has(item.text) && item.text !== typed && seen.add(item.text),
  );
  return { from: from + 1, to: to + 1, items: items.slice(0, MAX_ITEMS) };
}

/** Which part of the text is being typed, and what may stand there; null where the text before it makes no sense. */
function placeAt(text: string, caret: number): { expectation: Expectation; from: number; to: number } | null {
  try {
    const before = tokenize(text.slice(0, caret), { unclosed: true });
    const last = before.at(-2);
    const isTyped = last !== undefined && last.end === caret && isOpenEnded(last);
    const from = isTyped ? last.start : caret;
    const expectation = expectationAfter(text.slice(0, from));
    // The rest of a word or a quoted text goes with what is replaced.
    const after = tokenize(text, { unclosed: true }).find(({ start }) => start === from);
    const isReplaced = isTyped && after !== undefined && isOpenEnded(after);
    return expectation && { expectation, from, to: isReplaced ? after.end : caret };
  } catch {
    return null;
  }
}

function isOpenEnded({ kind }: Token): boolean {
  return kind === 'word' || kind === 'string';
}

/** What may follow a text that stops in the middle. */
function expectationAfter(text: string): Expectation | null {
  let expectation: Expectation | null = null;
  const parser = new Parser(text, tokenize(text), (expected, token) => {
    if (token.kind === 'end') expectation = expected;
  });
  try {
    parser.parse();
  } catch {
    // It ends too early, which is what is asked about, or it is wrong before that, and then nothing was expected at the end.
  }
  return expectation;
}

async function completionsFor(
  expectation: Expectation,
  typed: string,
  candidates: Candidates,
): Promise<Completion[]> {
  switch (expectation.kind) {
    case 'condition':
      return [...(await fieldCompletions(typed, candidates)), ...keywordCompletions('not')];
    case 'operator':
      return [
        ...operatorsOf(expectation.field).map((text) => ({ text, kind: 'operator' as const })),
        ...keywordCompletions('in', 'not in'),
      ];
    case 'value': {
      const { field, operator } = expectation;
      const values = fixedValues(field) ?? (await candidates.values(field));
      const canBeNull = field.kind !== 'flag' && (operator === '=' || operator === '!=');
      return [
        ...values.map((value) => ({
          text: typeof value === 'string' && field.kind !== 'state' ? quote(value) : String(value),
          kind: 'value' as const,
        })),
        ...(canBeNull ? keywordCompletions('null') : []),
      ];
    }
    case 'list':
      return keywordCompletions('(');
    case 'connective':
      return keywordCompletions('and', 'or', ...(expectation.open ? [')'] : []));
  }
}

/** The values that a field has in every project; null where the runs decide. */
function fixedValues(field: Field): readonly (string | boolean)[] | null {
  if (field.kind === 'state') return runStates;
  return field.kind === 'flag' ? [true, false] : null;
}

async function fieldCompletions(typed: string, candidates: Candidates): Promise<Completion[]> {
  const [{ parts } = { parts: [] }] = tokenize(typed, { unclosed: true }).filter(
    (token) => token.kind === 'word',
  );
  const root = parts.length > 1 ? parts[0]!.text : null;
  const fields = plainFieldNames.map((name) => name);
  if (root === 'metric') {
    // Only the first part: of what comes after another dot, it is not known yet whether it belongs to the name.
    for (const name of await candidates.metrics(parts[1]!.text)) {
      const last = printField({ kind: 'metric', name, of: 'last' });
      const isNamed = typed.startsWith(last);
      for (const of of isNamed ? metricValues : (['last'] as const))
        fields.push(printField({ kind: 'metric', name, of }));
    }
  } else if (root === null) {
    fields.push('metric.');
  }
  const isSetting = root === 'setting';
  for (const path of root === 'metric' ? [] : await candidates.settings())
    fields.push(isSetting ? `setting.${printPath(path)}` : printField({ kind: 'setting', path }));
  return fields.map((text) => ({ text, kind: 'field' }));
}

function printPath(path: string[]): string {
  const text = printField({ kind: 'setting', path });
  return text.startsWith('setting.') ? text.slice('setting.'.length) : text;
}

function keywordCompletions(...texts: string[]): Completion[] {
  return texts.map((text) => ({ text, kind: 'keyword' }));
}

/** Those that begin with what was typed, then those that contain it, whatever the case and the quotes. */
function ranked(items: Completion[], typed: string): Completion[] {
  const plain = (text: string): string => text.replaceAll(/["']/g, '').toLowerCase();
  const wanted = plain(typed);
  const starting = items.filter(({ text }) => plain(text).startsWith(wanted));
  const containing = items.filter(
    ({ text }) => !plain(text).startsWith(wanted) && plain(text).includes(wanted),
  );
  return [...starting, ...containing];
}
