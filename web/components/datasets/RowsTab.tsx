'use client';

import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Select, TextInput } from '@/components/ui/Field';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import type { DatasetDetail } from '@/lib/api/use-datasets';
import { toApiError } from '@/lib/api/errors';
import type { Row, RowListQuery } from '@/lib/datasets/row-pager';
import { useRows } from '@/lib/datasets/use-rows';
import { formatCount, plural } from '@/lib/format';
import type { RowLabelFilter, Split } from '@/lib/generated/graphql';
import { useRested } from '@/lib/use-rested';
import { useUrlState } from '@/lib/url-state';
import { RowDialog } from './RowDialog';
import { reachableRows, RowsGrid } from './RowsGrid';

const REST = 200;
/** Labels of a task to choose from. */
const MOST_LABELS = 200;
const splitNames: readonly Split[] = ['TRAIN', 'VALIDATION', 'TEST'];

/** A label to filter by, as the URL has it. */
function readLabel(text: string | null): RowLabelFilter | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (!Array.isArray(value) || typeof value[0] !== 'string') return null;
    return { task: value[0], label: typeof value[1] === 'string' ? value[1] : null };
  } catch {
    return null;
  }
}

const printLabel = (task: string, label: string | null) => JSON.stringify([task, label]);

function LabelSelect({
  dataset,
  value,
  onChange,
}: {
  dataset: DatasetDetail;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Select
      aria-label="Label"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="max-w-56"
    >
      <option value="">any label</option>
      {dataset.tasks.map(({ name, classes, unlabelled }) => (
        <optgroup key={name} label={name}>
          {classes.slice(0, MOST_LABELS).map(({ label, count }) => (
            <option key={label} value={printLabel(name, label)}>
              {name}: {label} ({formatCount(count)})
            </option>
          ))}
          {unlabelled > 0 && (
            <option value={printLabel(name, null)}>
              {name}: not labelled ({formatCount(unlabelled)})
            </option>
          )}
        </optgroup>
      ))}
    </Select>
  );
}

/** The rows of a version, found by text, split and label; any of them can be scrolled to. */
export function RowsTab({ dataset }: { dataset: DatasetDetail }) {
  const [params, change] = useUrlState();
  const [text, setText] = useState(params.get('q') ?? '');
  const search = useRested(text.trim(), REST);
  const split = splitNames.find((name) => name === params.get('split')) ?? null;
  const labelText = params.get('label') ?? '';
  const label = readLabel(labelText);
  const [opened, setOpened] = useState<Row | null>(null);
  const query: RowListQuery = {
    name: dataset.name,
    version: dataset.version,
    search: search === '' ? null : search,
    splits: split === null ? null : [split],
    labels: label === null ? null : [label],
  };
  const { pager, waiting, version } = useRows(query);
  const tasks = useMemo(() => dataset.tasks.map(({ name }) => name), [dataset.tasks]);
  const { total } = pager;
  const filtered = search !== '' || split !== null || label !== null;
  const clear = () => {
    setText('');
    change({ q: null, split: null, label: null });
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <TextInput
          type="search"
          aria-label="Search sentences"
          placeholder="Search sentences"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            change({ q: event.target.value.trim() });
          }}
          className="w-full sm:w-72"
        />
        <Select
          aria-label="Split"
          value={split ?? ''}
          onChange={(event) => change({ split: event.target.value })}
        >
          <option value="">any split</option>
          {splitNames.map((name) => (
            <option key={name} value={name}>
              {name.toLowerCase()}
            </option>
          ))}
        </Select>
        <LabelSelect
          dataset={dataset}
          value={label === null ? '' : labelText}
          onChange={(value) => change({ label: value })}
        />
        <span role="status" className="text-table text-muted">
          {total !== null &&
            !waiting &&
            (filtered
              ? `${formatCount(total)} of ${plural(dataset.rowCount, 'row')}`
              : plural(dataset.rowCount, 'row'))}
        </span>
      </div>
      {pager.error ? (
        <ErrorState error={toApiError(pager.error)} retry={() => pager.start()} />
      ) : total === null ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={9} label="Loading rows" />
        </div>
      ) : total === 0 && !waiting ? (
        <EmptyState title="No row is like that">
          <p>
            {[
              search !== '' && `no sentence with “${search}”`,
              split !== null && `in ${split.toLowerCase()}`,
              label !== null && `with ${label.task}: ${label.label ?? 'not labelled'}`,
            ]
              .filter(Boolean)
              .join(' ')}
          </p>
          <Button onClick={clear}>Show all rows</Button>
        </EmptyState>
      ) : (
        <RowsGrid
          pager={pager}
          tasks={tasks}
          search={pager.query.search ?? ''}
          waiting={waiting}
          version={version}
          onOpen={setOpened}
        />
      )}
      {total !== null && reachableRows(total) < total && (
        <p className="text-table text-muted">
          The first {formatCount(reachableRows(total))} of them can be scrolled to; search for others.
        </p>
      )}
      {opened && <RowDialog row={opened} tasks={tasks} onClose={() => setOpened(null)} />}
    </>
  );
}
