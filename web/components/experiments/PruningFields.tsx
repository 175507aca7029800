'use client';

import { Field, Select } from '@/components/ui/Field';
import { isRecord, type Json } from '@/lib/definition/paths';
import { printScalar, prunableMetrics, readScalar } from '@/lib/definition/sweep';
import { TypedInput } from './TypedInput';
import type { FormPart } from './use-definition';

/** Whether runs that do worse end early (ASHA), by which metric, and where they are looked at. */
export function PruningFields({
  definition,
  errorAt,
  pruning,
  onChange,
}: FormPart & { pruning: Json | null; onChange: (pruning: Json | null) => void }) {
  const tasks = Array.isArray(definition.tasks) ? definition.tasks.filter(isRecord) : [];
  const metrics = prunableMetrics(tasks.map(({ name }) => String(name)));
  const metric = printScalar(pruning?.metric);
  const number = (key: 'first' | 'reduction', label: string, fallback: string) => (
    <Field label={label} error={errorAt(`sweep.pruning.${key}`)}>
      <TypedInput
        data-path={`sweep.pruning.${key}`}
        inputMode="numeric"
        placeholder={fallback}
        value={pruning?.[key]}
        read={(text) => (text.trim() === '' ? undefined : readScalar(text.trim()))}
        print={printScalar}
        onChange={(value) => onChange({ ...pruning, [key]: value })}
      />
    </Field>
  );
  return (
    <div className="flex flex-col gap-2">
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          className="accent-accent"
          checked={pruning !== null}
          onChange={(event) => onChange(event.target.checked ? { metric: 'epoch/loss' } : null)}
        />
        End early what does worse (ASHA)
      </label>
      {pruning !== null && (
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Field label="By" error={errorAt('sweep.pruning.metric')}>
            <Select
              data-path="sweep.pruning.metric"
              value={metric}
              onChange={(event) => onChange({ ...pruning, metric: event.target.value })}
            >
              {[...new Set([...metrics, metric])].map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Counted in" error={errorAt('sweep.pruning.unit')}>
            <Select
              value={printScalar(pruning.unit) || 'epoch'}
              onChange={(event) => onChange({ ...pruning, unit: event.target.value })}
            >
              <option value="epoch">epochs</option>
              <option value="step">steps</option>
            </Select>
          </Field>
          {number('first', 'First rung', '1')}
          {number('reduction', 'One goes on in', '3')}
        </div>
      )}
    </div>
  );
}
