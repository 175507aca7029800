'use client';

import { useMemo } from 'react';
import { useDatasets, useModelLayout, type DatasetSummary } from '@/lib/api/use-library';
import type { DesignModel } from '@/lib/freeze-design';
import { definitionTasks, textField } from '@/lib/settings';

const exampleTasks = [
  { name: 'topic', classes: null, hidden: null },
  { name: 'sentiment', classes: null, hidden: null },
];

/** Blocks that are drawn where no model is known. */
const SOME_BLOCKS = 6;
const EPOCHS = 4;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fewest examples that any class of a dataset has. */
function fewestExamples({ tasks }: DatasetSummary): number | null {
  const counts = tasks.flatMap(({ classes }) => classes.map(({ count }) => count));
  return counts.length === 0 ? null : Math.min(...counts);
}

/** What a design is drawn on and tried with: the model and dataset of the URL, else those of the newest run. */
export function useSubject(newest: unknown, params: URLSearchParams) {
  const { datasets, loading } = useDatasets();
  const chosen = params.get('dataset');
  const wantedModel = params.get('model');
  const known = textField(newest, 'dataset');
  const dataset = chosen ?? known?.replace(/@\d+$/, '') ?? null;
  const stored = datasets.find(({ name }) => name === dataset) ?? null;
  const model = wantedModel ?? textField(newest, 'model');
  const own = isRecord(newest) && (chosen === null || known?.replace(/@\d+$/, '') === chosen);
  const tasks = useMemo(() => {
    if (own) return definitionTasks(newest);
    return (
      stored?.tasks.map(({ name, classes }) => ({
        name,
        classes: classes.map(({ label }) => label),
        hidden: null,
      })) ?? null
    );
  }, [newest, own, stored]);
  const layout = useModelLayout(model);
  const definition = useMemo(() => {
    if (model === null || dataset === null || tasks === null) return null;
    const { name: _name, freeze: _freeze, initialWeights: _weights, ...settings } = own ? newest : {};
    return own
      ? { ...settings, model, dataset: chosen ?? known ?? dataset }
      : {
          ...(isRecord(newest) && { training: newest.training }),
          model,
          dataset,
          tasks: tasks.map(({ name }) => ({ name })),
        };
  }, [chosen, dataset, known, model, newest, own, tasks]);
  const drawn: DesignModel = useMemo(
    () => ({ layout, blocks: layout?.blocks ?? SOME_BLOCKS, tasks: tasks ?? exampleTasks }),
    [layout, tasks],
  );
  const training = isRecord(newest) && isRecord(newest.training) ? newest.training : {};
  const fewest = stored && fewestExamples(stored);
  return {
    /** A definition without freeze rules; null while model or dataset are not known. */
    definition,
    drawn,
    model,
    dataset,
    datasets,
    loading,
    epochs: typeof training.epochs === 'number' ? training.epochs : EPOCHS,
    examples: stored && fewest !== null ? { dataset: stored.name, fewest } : null,
  };
}
