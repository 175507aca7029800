'use client';

import { Field, Select, TextInput } from '@/components/ui/Field';
import type { DatasetSummary } from '@/lib/api/use-library';
import { useDatasetVersions } from '@/lib/api/use-experiments';
import { isRecord } from '@/lib/definition/paths';
import { printScalar, readScalar } from '@/lib/definition/sweep';
import { formatCount } from '@/lib/format';
import { ModelInput } from './ModelInput';
import { TypedInput } from './TypedInput';
import type { FormPart } from './use-definition';

/** A dataset as definitions name it, in its two parts. */
export function splitReference(reference: unknown): { name: string; version: string } {
  const [, name, version] = /^(.*)@(\d+)$/.exec(String(reference ?? '')) ?? [];
  return { name: name ?? String(reference ?? ''), version: version ?? '' };
}

/** Name, model and dataset of an experiment, and the tasks it learns. */
export function DataFields({
  definition,
  set,
  errorAt,
  datasets,
}: FormPart & { datasets: readonly DatasetSummary[] }) {
  const { name, version } = splitReference(definition.dataset);
  const versions = useDatasetVersions(name);
  const stored = datasets.find((one) => one.name === name);
  const tasks = Array.isArray(definition.tasks) ? definition.tasks.filter(isRecord) : [];
  const taskNames = [
    ...new Set([
      ...(stored?.tasks.map((task) => task.name) ?? []),
      ...tasks.map((task) => String(task.name)),
    ]),
  ];
  const chooseDataset = (next: string) => {
    const columns = datasets.find((one) => one.name === next)?.tasks.map((task) => task.name) ?? [];
    const kept = tasks.filter((task) => columns.includes(String(task.name)));
    set({
      dataset: next || undefined,
      ...(columns.length > 0 && kept.length === 0 && { tasks: columns.map((column) => ({ name: column })) }),
      ...(kept.length > 0 && kept.length < tasks.length && { tasks: kept }),
    });
  };
  return (
    <div className="flex flex-col gap-4">
      <Field label="Name" error={errorAt('name')}>
        <TextInput
          data-path="name"
          aria-invalid={errorAt('name') !== null}
          value={printScalar(definition.name)}
          maxLength={200}
          onChange={(event) => set({ name: event.target.value || undefined })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Model" error={errorAt('model')}>
          <ModelInput
            data-path="model"
            aria-invalid={errorAt('model') !== null}
            value={printScalar(definition.model)}
            onCommit={(value) => set({ model: value || undefined })}
          />
        </Field>
        <div className="grid grid-cols-[minmax(0,1fr)_7rem] gap-2">
          <Field label="Dataset" error={errorAt('dataset')}>
            <Select
              data-path="dataset"
              aria-invalid={errorAt('dataset') !== null}
              value={name}
              onChange={(event) => chooseDataset(event.target.value)}
            >
              <option value="">choose one</option>
              {name !== '' && !stored && <option value={name}>{name}</option>}
              {datasets.map((one) => (
                <option key={one.id} value={one.name}>
                  {one.name} ({formatCount(one.rowCount)} rows)
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Version">
            <Select
              value={version}
              onChange={(event) =>
                set({ dataset: event.target.value ? `${name}@${event.target.value}` : name })
              }
            >
              <option value="">newest</option>
              {version !== '' && !versions.some((one) => String(one.version) === version) && (
                <option value={version}>{version}</option>
              )}
              {versions.map((one) => (
                <option key={one.id} value={String(one.version)}>
                  {one.version}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      </div>
      <fieldset className="min-w-0">
        <legend className="mb-1 text-table font-medium">Tasks</legend>
        {taskNames.length === 0 && <p className="text-table text-muted">The label columns of the dataset.</p>}
        <ul className="flex flex-col gap-2">
          {taskNames.map((task) => {
            const index = tasks.findIndex((one) => one.name === task);
            const one = tasks[index];
            const field = (key: 'weight' | 'hidden', label: string, fallback: string) => (
              <span className="flex items-center gap-1.5 text-table text-muted">
                {label}
                <TypedInput
                  aria-label={`${label} of ${task}`}
                  data-path={`tasks.${index}.${key}`}
                  aria-invalid={errorAt(`tasks.${index}.${key}`) !== null}
                  placeholder={fallback}
                  inputMode="decimal"
                  value={one![key]}
                  read={(text) => (text.trim() === '' ? undefined : readScalar(text.trim()))}
                  print={printScalar}
                  onChange={(value) => set({ [`tasks.${index}.${key}`]: value })}
                  className="w-16 text-table text-text"
                />
              </span>
            );
            return (
              <li key={task} className="flex flex-wrap items-center gap-x-4 gap-y-1">
                <label className="flex w-full min-w-32 items-center gap-2 sm:w-auto">
                  <input
                    type="checkbox"
                    className="accent-accent"
                    checked={index !== -1}
                    onChange={() =>
                      set({
                        tasks:
                          index === -1
                            ? [...tasks, { name: task }]
                            : tasks.filter((_, place) => place !== index),
                      })
                    }
                  />
                  <span className="min-w-0 break-words">{task}</span>
                </label>
                {one && field('weight', 'Weight', '1')}
                {one && field('hidden', 'Hidden', '256')}
                {one && errorAt(`tasks.${index}`, true) && (
                  <span className="text-table text-bad">{errorAt(`tasks.${index}`, true)}</span>
                )}
              </li>
            );
          })}
        </ul>
        {errorAt('tasks') && <p className="mt-1 text-table text-bad">{errorAt('tasks')}</p>}
      </fieldset>
    </div>
  );
}
