'use client';

import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Choice } from '@/components/ui/Choice';
import { Field, Select, TextInput } from '@/components/ui/Field';
import { isRecord, valueAt } from '@/lib/definition/paths';
import type { SchemaField } from '@/lib/definition/schema-fields';
import {
  firstValues,
  printList,
  printScalar,
  readList,
  readScalar,
  readSweep,
  writeSweep,
  type SweepForm,
} from '@/lib/definition/sweep';
import { PruningFields } from './PruningFields';
import { TypedInput } from './TypedInput';
import type { FormPart } from './use-definition';

const distributions = ['uniform', 'logUniform', 'integer'];

function Source({
  path,
  source,
  random,
  onChange,
}: {
  path: string;
  source: unknown;
  random: boolean;
  onChange: (source: unknown) => void;
}) {
  const drawn = isRecord(source);
  const end = (key: 'min' | 'max') => (
    <TypedInput
      aria-label={`${key === 'min' ? 'Least' : 'Greatest'} of ${path}`}
      data-path={`sweep.settings.${path}.${key}`}
      inputMode="decimal"
      placeholder={key}
      value={drawn ? source[key] : undefined}
      read={(text) => (text.trim() === '' ? undefined : readScalar(text.trim()))}
      print={printScalar}
      onChange={(value) => onChange({ ...(source as object), [key]: value })}
      className="w-24 flex-1"
    />
  );
  return (
    <span className="flex min-w-0 flex-1 gap-2">
      {random && (
        <Select
          aria-label={`How ${path} is drawn`}
          value={drawn ? printScalar(source.distribution) : 'list'}
          onChange={({ target: { value } }) => {
            const [min = 1e-5, max = 1e-3] = drawn
              ? [source.min, source.max]
              : [(source as unknown[])[0], (source as unknown[]).at(-1)];
            onChange(value === 'list' ? [min, max] : { distribution: value, min, max });
          }}
        >
          <option value="list">one of</option>
          {distributions.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {drawn ? (
        <>
          {end('min')}
          {end('max')}
        </>
      ) : (
        <TypedInput
          aria-label={`Values of ${path}`}
          data-path={`sweep.settings.${path}`}
          placeholder="values between commas"
          spellCheck={false}
          value={Array.isArray(source) ? (source as unknown[]) : []}
          read={readList}
          print={printList}
          onChange={onChange}
          className="w-full flex-1 font-mono"
        />
      )}
    </span>
  );
}

/** What an experiment varies: every combination of values, or so many draws; and whether what does worse ends early. */
export function SweepBuilder({
  fields,
  count,
  ...part
}: FormPart & {
  fields: readonly SchemaField[];
  /** How many runs it comes to, by the server; null while it is asked, or cannot be told. */
  count: number | null;
}) {
  const { definition, set, errorAt } = part;
  const id = useId();
  const [path, setPath] = useState('');
  const form = readSweep(definition.sweep);
  const write = (change: Partial<SweepForm>) => set({ sweep: writeSweep({ ...form, ...change }) });
  const taken = form.settings.map(([name]) => name);
  const known = ['freeze', ...fields.map((field) => field.path)].filter((name) => !taken.includes(name));
  const add = () => {
    const name = path.trim();
    if (name === '' || taken.includes(name)) return;
    const current = valueAt(definition, name) ?? fields.find((field) => field.path === name)?.fallback;
    write({ settings: [...form.settings, [name, firstValues(name, current)]] });
    setPath('');
  };
  return (
    <div className="flex flex-col gap-3">
      <Choice
        label="Sweep"
        value={form.method}
        options={[
          { value: 'none', text: 'One run' },
          { value: 'grid', text: 'Grid' },
          { value: 'random', text: 'Random' },
        ]}
        onChange={(method) => {
          const begin = [['training.seed', [1, 2, 3]]] as SweepForm['settings'];
          write({ method, ...(method !== 'none' && form.settings.length === 0 && { settings: begin }) });
        }}
      />
      {form.method === 'none' ? (
        <p className="text-table text-muted">
          A grid runs every combination of the values; random draws so many. Three seeds tell a difference
          from luck.
        </p>
      ) : (
        <>
          <ul className="flex flex-col gap-2" aria-label="Settings that vary">
            {form.settings.map(([name, source], index) => {
              const error = errorAt(`sweep.settings.${name}`, true) ?? errorAt(`sweep.${name}`, true);
              return (
                <li key={name} className="flex flex-col gap-1" data-varied={name}>
                  <span className="flex flex-wrap items-center gap-2">
                    <code className="min-w-36 font-mono text-table break-all">{name}</code>
                    <Source
                      path={name}
                      source={source}
                      random={form.method === 'random'}
                      onChange={(next) =>
                        write({
                          settings: form.settings.map((one, place) => (place === index ? [name, next] : one)),
                        })
                      }
                    />
                    <Button
                      small
                      look="ghost"
                      aria-label={`Do not vary ${name}`}
                      onClick={() => write({ settings: form.settings.filter((_, place) => place !== index) })}
                    >
                      <X aria-hidden className="size-3.5" />
                    </Button>
                  </span>
                  {error && <span className="text-table text-bad">{error}</span>}
                </li>
              );
            })}
          </ul>
          <span className="flex flex-wrap items-center gap-2">
            <TextInput
              aria-label="Setting to vary"
              list={id}
              placeholder="training.learningRate"
              value={path}
              spellCheck={false}
              onChange={(event) => setPath(event.target.value)}
              onKeyDown={(event) => event.key === 'Enter' && add()}
              className="w-56 font-mono"
            />
            <datalist id={id}>
              {known.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
            <Button small disabled={path.trim() === ''} onClick={add}>
              <Plus aria-hidden className="size-3.5" />
              Vary it
            </Button>
          </span>
          {form.method === 'random' && (
            <div className="grid grid-cols-2 gap-4">
              {(['trials', 'seed'] as const).map((key) => (
                <Field
                  key={key}
                  label={key === 'trials' ? 'Draws' : 'Seed of the draws'}
                  error={errorAt(`sweep.${key}`)}
                >
                  <TypedInput
                    data-path={`sweep.${key}`}
                    inputMode="numeric"
                    placeholder={key === 'seed' ? '42' : ''}
                    value={form[key]}
                    read={(text) => (text.trim() === '' ? undefined : readScalar(text.trim()))}
                    print={printScalar}
                    onChange={(value) => write({ [key]: value })}
                  />
                </Field>
              ))}
            </div>
          )}
          <PruningFields {...part} pruning={form.pruning} onChange={(pruning) => write({ pruning })} />
          {errorAt('sweep') && <p className="text-table text-bad">{errorAt('sweep')}</p>}
          {errorAt('sweep.settings') && <p className="text-table text-bad">{errorAt('sweep.settings')}</p>}
          <p className="text-table" data-sweep-count={count ?? ''}>
            {count === null ? (
              <span className="text-muted">The number of runs shows once nothing is wrong.</span>
            ) : (
              <>
                <strong>{count.toLocaleString('en-US')}</strong> {count === 1 ? 'run' : 'runs'}, of 1,000 at
                most
              </>
            )}
          </p>
        </>
      )}
    </div>
  );
}
