import { createHash } from 'node:crypto';

import type { Definition } from './types.js';

/** SHA-256 of everything in a definition but its name: two definitions that ask for the same run have the same digest. */
export function definitionDigest(definition: Definition): string {
  const { name: _name, ...rest } = definition;
  return createHash('sha256').update(canonicalJson(rest)).digest('hex');
}

/** JSON with the keys of every object sorted and no spaces; what is undefined is left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${fields.join(',')}}`;
}
