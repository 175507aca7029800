'use client';

import { Button } from '@/components/ui/Button';
import { sizes, type Colouring, type MapChoice } from './map-choice';

const colourings: readonly (readonly [Colouring, string])[] = [
  ['label', 'Label'],
  ['prediction', 'Prediction'],
  ['mistake', 'Mistake'],
];

const field = 'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2';

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) {
  return (
    <label className="flex min-w-0 flex-col gap-1">
      <span className="text-muted">{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)} className={field}>
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What the map is of: rows, weights, and how both are shown. */
export function MapControls({
  choice,
  change,
  datasets,
  runs,
  tasks,
  task,
  run,
  dataset,
  busy,
}: {
  choice: MapChoice;
  change: (changes: Record<string, string | null>) => void;
  datasets: readonly (readonly [string, string])[];
  runs: readonly (readonly [string, string])[];
  tasks: readonly string[];
  /** What is in force where the URL leaves it open. */
  task: string;
  run: string;
  dataset: string;
  busy: boolean;
}) {
  return (
    <form
      className="grid grid-cols-2 items-end gap-3 text-table sm:grid-cols-3 lg:grid-cols-1"
      onSubmit={(event) => {
        event.preventDefault();
        change({ dataset, run, task, drawn: '1' });
      }}
    >
      <Choice
        label="Dataset"
        value={dataset}
        options={datasets}
        onChange={(value) => change({ dataset: value, task: null })}
      />
      <Choice
        label="After training by"
        value={run}
        options={runs}
        onChange={(value) => change({ run: value })}
      />
      {tasks.length > 0 && (
        <Choice
          label="Task"
          value={task}
          options={tasks.map((name) => [name, name] as const)}
          onChange={(value) => change({ task: value })}
        />
      )}
      <Choice
        label="Rows"
        value={String(choice.size)}
        options={sizes.map((size) => [String(size), size.toLocaleString('en-US')] as const)}
        onChange={(value) => change({ sample: value })}
      />
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-muted">Sample</span>
        <input
          type="number"
          min={0}
          value={choice.seed}
          onChange={(event) => change({ seed: event.target.value === '0' ? null : event.target.value })}
          className={field}
        />
      </label>
      <Choice
        label="Projection"
        value={choice.method}
        options={[
          ['pca', 'PCA'],
          ['umap', 'UMAP'],
        ]}
        onChange={(value) => change({ method: value === 'pca' ? null : value })}
      />
      <Choice
        label="Colour by"
        value={choice.colour}
        options={colourings}
        onChange={(value) => change({ colour: value === 'label' ? null : value })}
      />
      <Choice
        label="Scale"
        value={choice.ownScale ? 'own' : 'one'}
        options={[
          ['one', 'One for both'],
          ['own', 'Each its own'],
        ]}
        onChange={(value) => change({ scale: value === 'own' ? 'own' : null })}
      />
      {!choice.drawn && (
        <Button type="submit" look="primary" disabled={busy || run === '' || dataset === ''}>
          Draw the map
        </Button>
      )}
    </form>
  );
}
