/** Fields of a form, made from the JSON schema of a definition. */

import { isRecord, valueAt, type Json } from '@/lib/definition/paths';

export interface SchemaField {
  /** Path in a definition, such as `training.learningRate`. */
  path: string;
  /** In words, such as `Learning rate`. */
  label: string;
  kind: 'number' | 'boolean' | 'choice' | 'text';
  /** What it may be, of a choice. */
  choices: string[];
  /** What holds when it is left out; undefined where there is none. */
  fallback: unknown;
  hint: string | null;
}

function labelOf(path: string): string {
  const words = path
    .split('.')
    .slice(1)
    .join(' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a schema says a value is besides null. */
function meant(schema: Json): Json {
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isRecord) : [];
  return branches.find(({ type }) => type !== 'null') ?? schema;
}

function kindOf({ type, enum: values }: Json): SchemaField['kind'] {
  if (Array.isArray(values)) return 'choice';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'text';
}

function fieldsOf(schema: Json, path: string): SchemaField[] {
  const inner = meant(schema);
  if (isRecord(inner.properties))
    return Object.entries(inner.properties).flatMap(([name, one]) =>
      isRecord(one) ? fieldsOf(one, `${path}.${name}`) : [],
    );
  const description = schema.description ?? inner.description;
  return [
    {
      path,
      label: labelOf(path),
      kind: kindOf(inner),
      choices: Array.isArray(inner.enum) ? inner.enum.map(String) : [],
      fallback: schema.default,
      hint: typeof description === 'string' ? description : null,
    },
  ];
}

/** Every field below a section of the schema, such as `training`. */
export function schemaFields(schema: unknown, section: string): SchemaField[] {
  const found = valueAt(schema, `properties.${section}`);
  return isRecord(found) ? fieldsOf(found, section) : [];
}
