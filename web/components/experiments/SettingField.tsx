'use client';

import { Field, Select } from '@/components/ui/Field';
import { valueAt } from '@/lib/definition/paths';
import type { SchemaField } from '@/lib/definition/schema-fields';
import { printScalar, readScalar } from '@/lib/definition/sweep';
import { TypedInput } from './TypedInput';
import type { FormPart } from './use-definition';

/** What holds when a field is left empty, in words. */
function fallbackText({ fallback }: SchemaField): string {
  if (fallback === undefined || fallback === null) return 'none';
  if (typeof fallback === 'boolean') return fallback ? 'yes' : 'no';
  return printScalar(fallback);
}

/** One setting of a definition, as its schema describes it; empty is its default. */
export function SettingField({ field, definition, set, errorAt }: FormPart & { field: SchemaField }) {
  const { path, label, kind, choices, hint } = field;
  const value = valueAt(definition, path);
  const error = errorAt(path);
  const common = { 'data-path': path, 'aria-invalid': error !== null };
  const name = `${fallbackText(field)} (default)`;
  return (
    <Field label={label} hint={hint ?? undefined} error={error}>
      {kind === 'choice' ? (
        <Select
          {...common}
          value={printScalar(value)}
          onChange={(event) => set({ [path]: event.target.value || undefined })}
        >
          <option value="">{name}</option>
          {[...new Set([...choices, ...(value === undefined ? [] : [printScalar(value)])])].map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </Select>
      ) : kind === 'boolean' ? (
        <Select
          {...common}
          value={printScalar(value)}
          onChange={(event) =>
            set({ [path]: event.target.value === '' ? undefined : event.target.value === 'true' })
          }
        >
          <option value="">{name}</option>
          <option value="true">yes</option>
          <option value="false">no</option>
        </Select>
      ) : (
        <TypedInput
          {...common}
          inputMode={kind === 'number' ? 'decimal' : undefined}
          placeholder={fallbackText(field)}
          spellCheck={false}
          value={value === null ? undefined : value}
          read={(text) =>
            text.trim() === '' ? undefined : kind === 'number' ? readScalar(text.trim()) : text
          }
          print={printScalar}
          onChange={(next) => set({ [path]: next })}
        />
      )}
    </Field>
  );
}
