import { z } from 'zod';

/** The fields that exist at a path of a schema, for the message about one that does not. */
export function fieldNames(schema: unknown, path: readonly PropertyKey[]): string[] {
  const [step, ...rest] = path;
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) {
    return [...new Set(inner.options.flatMap((option) => fieldNames(option, path)))];
  }
  if (step === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  if (inner instanceof z.ZodArray) return fieldNames(inner.element, rest);
  if (inner instanceof z.ZodRecord) return fieldNames(inner.valueType, rest);
  if (inner instanceof z.ZodObject) {
    return fieldNames((inner.shape as Record<PropertyKey, unknown>)[step], rest);
  }
  return [];
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodOptional
  ) {
    inner = inner.unwrap();
  }
  return inner;
}
