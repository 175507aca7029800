import type { z } from 'zod';
import { badInput } from '../../../experiments/errors.js';

/** The source of errors about the form of a request. */
export const requestBody = 'request body';

/** A body as a schema has it. @throws BAD_USER_INPUT that names the field and what was expected */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue!.path.join('.');
  const place = path === '' ? {} : { path };
  throw badInput(`${path === '' ? 'body' : path}: ${issue!.message}`, { ...place, source: requestBody });
}

/** A message for what is not there or of another type. */
export function expected(what: string): { error: (issue: { input?: unknown }) => string } {
  return {
    error: ({ input }) => `expected ${what}, got ${input === undefined ? 'nothing' : describe(input)}`,
  };
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : JSON.stringify(value).slice(0, 100);
}
