import { isDeepStrictEqual } from 'node:util';

/** A setting that is not the same in every run; `undefined` where a run has no such setting. */
export interface SettingDifference {
  path: string;
  values: unknown[];
}

/** Settings by path that differ between definitions. The name is not a setting; arrays of plain values are compared whole. */
export function settingDifferences(definitions: readonly unknown[]): SettingDifference[] {
  const flattened = definitions.map((definition) => {
    const settings = flatten(definition);
    settings.delete('name');
    return settings;
  });
  const paths = [...new Set(flattened.flatMap((settings) => [...settings.keys()]))];
  return paths
    .map((path) => ({ path, values: flattened.map((settings) => settings.get(path)) }))
    .filter(({ values }) => values.some((value) => !isDeepStrictEqual(value, values[0])));
}

/** The plain values of JSON by their paths; lists of plain values are values themselves. */
export function flatten(json: unknown): Map<string, unknown> {
  const values = new Map<string, unknown>();
  gather(json, '', values);
  return values;
}

function gather(value: unknown, path: string, into: Map<string, unknown>): void {
  const isPlainList =
    Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
  if (typeof value !== 'object' || value === null || isPlainList) {
    into.set(path, value);
    return;
  }
  for (const [key, item] of Object.entries(value)) gather(item, path === '' ? key : `${path}.${key}`, into);
}
