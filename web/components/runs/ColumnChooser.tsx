'use client';

import { ArrowDown, ArrowUp, Columns3, Plus, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import { RunFieldNamesDocument } from '@/lib/generated/graphql';
import { higherIsBetter } from '@/lib/metrics';
import {
  fieldColumns,
  metricValues,
  moveColumn,
  printColumn,
  readColumn,
  type ColumnKey,
} from '@/lib/runs/column-keys';
import { columnTitle } from './run-columns';

const SEARCH_DELAY = 200;

function Choice({ name, onAdd }: { name: ReactNode; onAdd: () => void }) {
  return (
    <li>
      <button
        type="button"
        onClick={onAdd}
        className="flex min-h-7 w-full items-center gap-2 rounded-md px-2 py-0.5 text-left hover:bg-sunken"
      >
        <Plus aria-hidden className="size-3.5 shrink-0 text-muted" />
        <span className="min-w-0 break-words">{name}</span>
      </button>
    </li>
  );
}

function Choices({
  title,
  keys,
  shown,
  search,
  onAdd,
}: {
  title: string;
  keys: readonly ColumnKey[];
  shown: readonly string[];
  search: string;
  onAdd: (column: string) => void;
}) {
  const wanted = search.trim().toLowerCase();
  const found = keys.filter(
    (key) => !shown.includes(printColumn(key)) && describe(key).toLowerCase().includes(wanted),
  );
  if (found.length === 0) return null;
  return (
    <>
      <h3 className="px-2 pt-2 text-axis text-muted">{title}</h3>
      <ul>
        {found.map((key) => (
          <Choice key={printColumn(key)} name={describe(key)} onAdd={() => onAdd(printColumn(key))} />
        ))}
      </ul>
    </>
  );
}

function describe(key: ColumnKey): string {
  switch (key.kind) {
    case 'metric':
      return key.of === 'last' ? key.name : `${key.name}, ${key.of}`;
    case 'curve':
      return `Curve of ${key.name}`;
    case 'accuracy':
      return `Accuracy, ${key.task}`;
    case 'field':
    case 'loss':
    case 'setting':
      return columnTitle(key);
  }
}

interface ColumnChooserProps {
  shown: readonly string[];
  isDefault: boolean;
  onChange: (columns: string[]) => void;
  /** Back to the columns that the runs suggest, as wide as they begin. */
  onReset: () => void;
}

function Chooser({ shown, isDefault, onChange, onReset }: ColumnChooserProps) {
  const [search, setSearch] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(search.trim()), SEARCH_DELAY);
    return () => clearTimeout(timer);
  }, [search]);
  const [{ data }] = useQuery({
    query: RunFieldNamesDocument,
    variables: { search: asked },
    requestPolicy: 'cache-and-network',
  });
  const { metrics = [], settings = [] } = data?.runFieldNames ?? {};
  const add = (column: string) => onChange([...shown, column]);
  const small =
    'inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text disabled:opacity-30';

  return (
    <div className="flex flex-col gap-2 p-3 text-table">
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-medium">Columns</h2>
        <Button small look="ghost" disabled={isDefault} onClick={onReset}>
          Reset
        </Button>
      </div>
      <ol aria-label="Columns shown" className="flex flex-col">
        {shown.map((id, index) => {
          const key = readColumn(id);
          if (key === null) return null;
          const name = describe(key);
          return (
            <li key={id} className="flex min-h-7 items-center gap-0.5 rounded-md pl-2 hover:bg-sunken">
              <span className="min-w-0 flex-1 truncate" title={name}>
                {name}
              </span>
              <button
                type="button"
                aria-label={`Move ${name} left`}
                title="Move left"
                disabled={index === 0}
                onClick={() => onChange(moveColumn(shown, id, index - 1))}
                className={small}
              >
                <ArrowUp aria-hidden className="size-3.5" />
              </button>
              <button
                type="button"
                aria-label={`Move ${name} right`}
                title="Move right"
                disabled={index === shown.length - 1}
                onClick={() => onChange(moveColumn(shown, id, index + 2))}
                className={small}
              >
                <ArrowDown aria-hidden className="size-3.5" />
              </button>
              <button
                type="button"
                aria-label={`Hide ${name}`}
                title="Hide"
                onClick={() => onChange(shown.filter((other) => other !== id))}
                className={small}
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          );
        })}
      </ol>
      <input
        type="search"
        aria-label="Find a metric or setting"
        placeholder="Find a metric or setting"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        className="h-8 rounded-md border border-line-strong bg-surface px-2"
      />
      <div className="max-h-64 overflow-auto" aria-live="polite">
        <Choices
          title="Fields"
          keys={fieldColumns.map((field) => ({ kind: 'field', field }))}
          {...{ shown, search, onAdd: add }}
        />
        <Choices
          title="Metrics"
          keys={metrics.flatMap((name): ColumnKey[] =>
            metricValues
              .filter((of) => of !== 'best' || higherIsBetter(name) !== null)
              .filter((of) => of === 'last' || search.trim() !== '')
              .map((of) => ({ kind: 'metric', name, of })),
          )}
          {...{ shown, search, onAdd: add }}
        />
        <Choices
          title="Settings"
          keys={settings.map((path) => ({ kind: 'setting', path }))}
          {...{ shown, search, onAdd: add }}
        />
        <Choices
          title="Curves"
          keys={metrics.map((name) => ({ kind: 'curve', name }))}
          {...{ shown, search, onAdd: add }}
        />
      </div>
    </div>
  );
}

/** Which columns the table has and in what order: fields, any metric, any setting, any small curve. */
export function ColumnChooser(props: ColumnChooserProps) {
  return (
    <Popover
      label="Columns"
      align="end"
      className="w-88"
      trigger={
        <Button small>
          <Columns3 aria-hidden className="size-3.5" />
          Columns
        </Button>
      }
    >
      <Chooser {...props} />
    </Popover>
  );
}
