import { type Operator } from './tree.js';
import { queryError } from './queryError.js';

/** Between the dots of a word: `metric."any name".min` has three parts, the second of them quoted. */
export interface WordPart {
  text: string;
  quoted: boolean;
}

interface Span {
  /** Offsets in the text; `end` is after the last character. */
  start: number;
  end: number;
}

/** A field, a keyword, a number or a value that needs no quotes: which of them, its place says. */
export type Word = Span & { kind: 'word'; parts: WordPart[]; raw: string };
export type Text = Span & { kind: 'string'; text: string };
export type Symbol = Span & { kind: 'symbol'; symbol: Operator | '(' | ')' | ',' };
export type End = Span & { kind: 'end' };
export type Token = Word | Text | Symbol | End;

const SYMBOL = /(?:!=|<=|>=|==|[=<>~(),])/y;
const SPACE = /\s+/y;
const BARE = /[^\s"'(),.<>=!~]+/y;
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/**
 * Splits a query into tokens; the last one is the end. With `unclosed`, a quote that is not closed goes on to the end of the
 * text instead of being an error: that is how text is while it is typed.
 */
export function tokenize(text: string, { unclosed = false } = {}): Token[] {
  const tokens: Token[] = [];
  let at = 0;

  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };

  /** Reads a quoted text; `at` is on its opening quote. */
  const quoted = (): string => {
    const start = at;
    const quote = text[at];
    let read = '';
    for (at += 1; at < text.length; at += 1) {
      const character = text[at]!;
      if (character === quote) {
        at += 1;
        return checked(read, start);
      }
      if (character !== '\\') {
        read += character;
        continue;
      }
      at += 1;
      const escaped = text[at];
      if (escaped === undefined) break;
      if (escaped === 'u') {
        const code = /^[0-9a-f]{4}/i.exec(text.slice(at + 1, at + 5))?.[0];
        if (code === undefined && !unclosed)
          throw queryError(at, 'expected four hexadecimal digits after \\u');
        read += code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16));
        at += code === undefined ? 0 : 4;
      } else if (escaped in escapes) {
        read += escapes[escaped];
      } else if (/["'\\/]/.test(escaped)) {
        read += escaped;
      } else {
        throw queryError(at, `expected one of \\" \\' \\\\ \\/ \\n \\t \\r \\b \\f \\u, got \\${escaped}`);
      }
    }
    if (!unclosed) throw queryError(start + 1, `expected a closing ${quote} after this one`);
    return read;
  };

  const word = (): Word => {
    const start = at;
    const parts: WordPart[] = [];
    for (;;) {
      const isQuote = text[at] === '"' || text[at] === "'";
      if (isQuote && parts.length > 0) parts.push({ text: quoted(), quoted: true });
      else parts.push({ text: match(BARE) ?? '', quoted: false });
      if (text[at] !== '.') break;
      at += 1;
    }
    return { kind: 'word', parts, raw: checked(text.slice(start, at), start), start, end: at };
  };

  while (match(SPACE) !== null || at < text.length) {
    const start = at;
    const character = text[at];
    if (character === undefined) break;
    if (character === '"' || character === "'") {
      const read = quoted();
      tokens.push({ kind: 'string', text: read, start, end: at });
    } else if (character === '!' && text[at + 1] !== '=') {
      throw queryError(at + 1, 'expected != or not');
    } else {
      const symbol = match(SYMBOL);
      if (symbol === null) tokens.push(word());
      else
        tokens.push({
          kind: 'symbol',
          symbol: (symbol === '==' ? '=' : symbol) as Symbol['symbol'],
          start,
          end: at,
        });
    }
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

/** Refuses what no stored text can hold. */
function checked(text: string, start: number): string {
  if (text.includes('\0') || /\p{Surrogate}/u.test(text))
    throw queryError(start + 1, 'expected text without NUL characters and halves of surrogate pairs');
  return text;
}

/** A token as a message shows it. */
export function showToken(token: Token, text: string): string {
  if (token.kind === 'end') return 'the end';
  const shown = text.slice(token.start, token.end);
  return shown.length > 60 ? `${[...shown].slice(0, 57).join('')}…` : shown;
}

/** Text in quotes, as it is read back. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
