/** Reading and writing a definition by the dotted paths that errors name. */

export type Json = Record<string, unknown>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path; undefined where there is none. */
export function valueAt(json: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return (inner as unknown[])[Number(step)];
    return isRecord(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  }, json);
}

/** A copy with another value at a path. undefined takes the field away, and objects that it leaves empty. */
export function withValue(json: unknown, path: string, value: unknown): unknown {
  const [step = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : withValue(valueAt(json, step), rest.join('.'), value);
  if (Array.isArray(json)) return json.map((one: unknown, index) => (index === Number(step) ? inner : one));
  const fields = isRecord(json) ? json : {};
  const gone =
    inner === undefined || (value === undefined && isRecord(inner) && Object.keys(inner).length === 0);
  if (!gone) return { ...fields, [step]: inner };
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== step));
}

/** A definition as it is shown and edited. */
export const printJson = (json: unknown): string => JSON.stringify(json, null, 2);

/** Where the value at a path, or the nearest that is there, lies in the text; null when the text is no JSON. */
export function placeOf(text: string, path: string): { start: number; end: number } | null {
  let at = 0;
  let found: { start: number; end: number; depth: number } | null = null;
  const steps = path === '' ? [] : path.split('.');
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const readString = (): string => {
    const match = /"(?:[^"\\]|\\.)*"/y;
    match.lastIndex = at;
    const token = match.exec(text)?.[0];
    if (token === undefined) throw new SyntaxError('a text was expected');
    at += token.length;
    return JSON.parse(token) as string;
  };
  const readMembers = (close: string, depth: number, open: boolean, key: (index: number) => string): void => {
    at += 1;
    skip();
    for (let index = 0; text[at] !== close; index += 1) {
      if (at >= text.length) throw new SyntaxError('the text ends too early');
      const start = at;
      const name = key(index);
      readValue(depth + 1, open && name === steps[depth], start);
      skip();
      if (text[at] === ',') at += 1;
      skip();
    }
    at += 1;
  };
  const readValue = (depth: number, open: boolean, start: number): void => {
    skip();
    if (text[at] === '{')
      readMembers('}', depth, open, () => {
        const name = readString();
        skip();
        at += 1;
        return name;
      });
    else if (text[at] === '[') readMembers(']', depth, open, String);
    else if (text[at] === '"') readString();
    else {
      const match = /[^\s,\]}]+/y;
      match.lastIndex = at;
      at += match.exec(text)?.[0].length ?? 1;
    }
    if (open && depth > (found?.depth ?? 0)) found = { start, end: at, depth };
  };
  try {
    JSON.parse(text);
    readValue(0, true, 0);
  } catch {
    return null;
  }
  return found;
}
