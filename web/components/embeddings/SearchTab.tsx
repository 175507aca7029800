'use client';

import { useMemo, useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { EmptyState } from '@/components/ui/states';
import { useDatasets, useFinishedRuns } from '@/lib/api/use-library';
import { useSimilar } from '@/lib/api/use-similar';
import { textField } from '@/lib/settings';
import { useUrlState } from '@/lib/url-state';
import { usualModel } from '@/lib/weights';
import { nameWithExperiment } from '@/lib/run-names';
import { HitList } from './HitList';

const field = 'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2';

/** The rows of a dataset that are most like a sentence, as a backbone sees it and as a run does. */
export function SearchTab() {
  const [params, change] = useUrlState();
  const { datasets, loading } = useDatasets();
  const { runs } = useFinishedRuns();
  const asked = params.get('q') ?? '';
  const [text, setText] = useState(asked);
  const run =
    runs.find(({ id }) => id === params.get('run')) ?? (params.get('run') === null ? runs[0] : undefined);
  const named = datasets.map(({ name, version }) => `${name}@${version}`);
  const trainedOn = run ? textField(run.definition, 'dataset') : null;
  const dataset = params.get('dataset') ?? trainedOn ?? named[0] ?? '';
  const model = (run && textField(run.definition, 'model')) ?? usualModel;
  const k = Number(params.get('k') ?? 10) || 10;
  const runId = run?.id ?? null;
  const choice = useMemo(
    () => (asked === '' || dataset === '' ? null : { sentence: asked, dataset, k }),
    [asked, dataset, k],
  );
  const before = useSimilar(
    choice,
    useMemo(() => ({ model }), [model]),
  );
  const after = useSimilar(
    choice,
    useMemo(() => (runId === null ? null : { run: runId }), [runId]),
  );

  if (!loading && datasets.length === 0)
    return (
      <EmptyState title="No datasets yet">
        <p>Search looks among the rows of a stored dataset. Store one first, by upload or through the API.</p>
      </EmptyState>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({ q: text.trim() || null, dataset, run: runId });
  };
  const options = [...new Set([dataset, ...named])].filter(Boolean);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Card title="Search by sentence">
        <form
          onSubmit={submit}
          className="grid items-end gap-3 text-table sm:grid-cols-2 lg:grid-cols-[minmax(0,3fr)_minmax(0,1fr)_minmax(0,1fr)_5rem_auto]"
        >
          <label className="flex flex-col gap-1 sm:col-span-2 lg:col-span-1">
            <span className="text-muted">Sentence</span>
            <input
              type="search"
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder="What the rows should say"
              className={field}
            />
          </label>
          <label className="flex flex-col gap-1">
            <span className="text-muted">Dataset</span>
            <select
              value={dataset}
              onChange={(event) => change({ dataset: event.target.value })}
              className={field}
            >
              {options.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <label className="flex flex-col gap-1">
            <span className="text-muted">After training by</span>
            <select
              value={runId ?? ''}
              onChange={(event) => change({ run: event.target.value })}
              className={field}
            >
              {runs.length === 0 && <option value="">no run has finished</option>}
              {runs.map((each) => (
                <option key={each.id} value={each.id}>
                  {nameWithExperiment(each)}
                </option>
              ))}
            </select>
          </label>
          <label className="flex flex-col gap-1">
            <span className="text-muted">Rows</span>
            <select
              value={String(k)}
              onChange={(event) => change({ k: event.target.value === '10' ? null : event.target.value })}
              className={field}
            >
              {[5, 10, 20, 50].map((count) => (
                <option key={count}>{count}</option>
              ))}
            </select>
          </label>
          <Button type="submit" look="primary" disabled={text.trim() === '' || dataset === ''}>
            Search
          </Button>
        </form>
      </Card>
      {choice === null ? (
        <EmptyState title="Nothing searched yet">
          <p>
            Type a sentence. The rows whose vectors point most nearly where its own does come first: by the
            backbone on the left, by a run&apos;s weights on the right. What only one of them finds is what
            training changed.
          </p>
        </EmptyState>
      ) : (
        <div className="grid min-w-0 items-start gap-4 lg:grid-cols-2">
          <HitList title={`Before: ${model.split('/').at(-1)}`} state={before} other={after.hits} />
          {run ? (
            <HitList title={`After: ${run.name}`} state={after} other={before.hits} />
          ) : (
            <EmptyState title="Nothing trained yet">
              <p>Let a run finish, and its answers stand here beside the backbone&apos;s.</p>
            </EmptyState>
          )}
        </div>
      )}
    </div>
  );
}
