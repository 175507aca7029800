/** Settings that people change by path and value, as they type them. */

import { flattenSettings, settingText } from '@/lib/settings';

export interface SettingChange {
  path: string;
  text: string;
}

/** A value as it was typed: JSON where it is some, else text. */
export function readTyped(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The changes as the API takes them, and for each what is wrong with it; a line that says nothing changes nothing. */
export function readChanges(changes: readonly SettingChange[]): {
  values: Record<string, unknown>;
  complaints: (string | null)[];
} {
  const values: Record<string, unknown> = {};
  const complaints = changes.map(({ path, text }): string | null => {
    const [key, value] = [path.trim(), text.trim()];
    if (value === '') return null;
    if (key === '') return 'Expected the path of a setting, such as training.epochs.';
    if (Object.hasOwn(values, key)) return `${key} is changed twice.`;
    if (/^[[{"]/.test(value) && typeof readTyped(value) === 'string' && !value.startsWith('"'))
      return 'Expected JSON: a bracket or a quote is not closed.';
    values[key] = readTyped(value);
    return null;
  });
  return { values, complaints };
}

/** Paths of a definition that a fork may change, with their values in words. */
export function changeablePaths(definition: unknown): Record<string, string> {
  const entries = flattenSettings(definition)
    .filter(({ path }) => /^(training|freeze|dataset)\b/.test(path))
    .map(({ path, value }) => [path, settingText(value)]);
  return Object.fromEntries(entries) as Record<string, string>;
}
