'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { FirstRunSnippets } from '@/components/overview/FirstRunSnippets';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useDefinitionSchema, useDraft } from '@/lib/api/use-experiments';
import { useDatasets, useFreezeConfigs, type DatasetSummary } from '@/lib/api/use-library';
import { isRecord, type Json } from '@/lib/definition/paths';
import { splitReference } from './DataFields';
import { ExperimentForm } from './ExperimentForm';

const MODEL = 'sentence-transformers/all-MiniLM-L6-v2';

/** What an experiment begins with when it is cloned from nothing. */
function template(newest: unknown, datasets: readonly DatasetSummary[], wanted: string | null): Json {
  const dataset = wanted ?? datasets[0]?.name;
  const tasks = datasets.find(({ name }) => name === splitReference(dataset).name)?.tasks ?? [];
  return {
    name: 'new experiment',
    model: isRecord(newest) && typeof newest.model === 'string' ? newest.model : MODEL,
    ...(dataset !== undefined && { dataset }),
    tasks: tasks.map(({ name }) => ({ name })),
    freeze: { preset: 'head-only' },
    training: { epochs: 4, batchSize: 16, learningRate: 2e-5, seed: 42 },
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown;
  } catch {
    return null;
  }
}

/** What the address asks for laid over what the experiment begins with. */
function withWishes(begin: Json, params: URLSearchParams, cloned: boolean): Json {
  const { name, initialWeights, ...rest } = begin;
  const freeze = parsed(params.get('freeze'));
  return {
    name: cloned ? `${String(name)}, cloned` : name,
    ...rest,
    ...(params.get('model') !== null && { model: params.get('model') }),
    ...(cloned && params.get('dataset') !== null && { dataset: params.get('dataset') }),
    ...(isRecord(freeze) && { freeze }),
    ...(initialWeights != null && { initialWeights }),
  };
}

/** A new experiment: from nothing, from a run (`run`), from an experiment (`experiment`), or from a design (`freeze`). */
export function NewExperimentPage() {
  const params = useSearchParams();
  const source = { run: params.get('run'), experiment: params.get('experiment') };
  const draft = useDraft(source);
  const { schema, error: noSchema, reload } = useDefinitionSchema();
  const library = useFreezeConfigs();
  const { datasets, loading, error: noDatasets, reload: reloadDatasets } = useDatasets();
  const cloned = source.run !== null || source.experiment !== null;
  const error = draft.error ?? noSchema ?? library.error ?? noDatasets;
  const retry = () => {
    if (draft.error) draft.reload();
    if (noSchema) reload();
    if (library.error) library.reload();
    if (noDatasets) reloadDatasets();
  };
  const begin = draft.draft?.definition ?? template(library.definition, datasets, params.get('dataset'));
  const asked = params.get('configs')?.split(',').filter(Boolean) ?? draft.draft?.freezeConfigs ?? [];
  return (
    <Page
      title="New experiment"
      lead="Form and JSON are one definition, checked as you write it. Nothing is stored before you launch."
    >
      {error ? (
        <ErrorState error={error} retry={retry} />
      ) : draft.loading || schema === null || library.loading || loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={8} label="Loading the experiment" />
        </div>
      ) : (
        <>
          {datasets.length === 0 && (
            <EmptyState title="An experiment needs a dataset">
              <p>
                Store one first, then come back: a CSV with a column <code>sentence</code> and one for each
                task.{' '}
                <Link className="link" href="/datasets" prefetch={false}>
                  Datasets
                </Link>
              </p>
              <FirstRunSnippets />
            </EmptyState>
          )}
          <ExperimentForm
            key={params.toString()}
            initial={withWishes(isRecord(begin) ? begin : {}, params, cloned)}
            initialConfigs={asked}
            schema={schema}
            datasets={datasets}
            configs={library.configs}
          />
        </>
      )}
    </Page>
  );
}
