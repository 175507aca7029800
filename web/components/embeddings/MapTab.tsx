'use client';

import Link from 'next/link';
import { useMemo, useState } from 'react';
import { AsButton } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { useDatasets, useFinishedRuns } from '@/lib/api/use-library';
import { useSample } from '@/lib/api/use-sample';
import { usePredictions } from '@/lib/api/use-predictions';
import { useVectors } from '@/lib/api/use-vectors';
import { textField } from '@/lib/settings';
import { nameWithExperiment } from '@/lib/run-names';
import { MapControls } from './MapControls';
import { parseReference, useMapChoice } from './map-choice';
import { MapView } from './MapView';

/** A dataset's rows in the plane, where a backbone puts them and where a run does. */
export function MapTab() {
  const [choice, change] = useMapChoice();
  const { datasets, loading } = useDatasets();
  const { runs } = useFinishedRuns();
  const [attempt, setAttempt] = useState(0);
  const run = runs.find(({ id }) => id === choice.run) ?? (choice.run === null ? runs[0] : undefined);
  const trainedOn = run ? textField(run.definition, 'dataset') : null;
  const newest = datasets[0] ? `${datasets[0].name}@${datasets[0].version}` : '';
  const dataset = choice.dataset ?? trainedOn ?? newest;
  const { name, version } = parseReference(dataset);
  const stored = datasets.find((candidate) => candidate.name === name);
  const tasks = stored?.tasks.map((task) => task.name) ?? [];
  const task = choice.task ?? tasks[0] ?? '';
  const model = run ? textField(run.definition, 'model') : null;
  const ready = choice.drawn && run !== undefined && model !== null && dataset !== '' && !loading;
  const sampleChoice = useMemo(
    () => (ready ? { name, version, size: choice.size, task: task || null, seed: choice.seed } : null),
    [ready, name, version, choice.size, task, choice.seed],
  );
  const { sample, error: sampleError, reload } = useSample(sampleChoice);
  const sentences = useMemo(() => sample?.rows.map((row) => row.sentence) ?? null, [sample]);
  const before = useVectors(sentences, ready ? { model } : null, attempt);
  const after = useVectors(sentences, ready ? { run: run.id } : null, attempt);
  const asked = ready && choice.colour !== 'label' ? run.id : null;
  const { predictions, error: predictionError } = usePredictions(sentences, asked);
  const error = sampleError ?? before.error ?? after.error ?? predictionError;

  if (!loading && runs.length === 0)
    return (
      <EmptyState title="Nothing trained yet">
        <p>
          The map shows where a backbone puts the sentences of a dataset and where a run puts them after its
          training. Let a run finish first.
        </p>
        <AsButton look="primary">
          <Link href="/runs">Runs</Link>
        </AsButton>
      </EmptyState>
    );
  const named = [...new Set([dataset, ...datasets.map((each) => `${each.name}@${each.version}`)])].filter(
    Boolean,
  );
  return (
    <div className="grid min-w-0 items-start gap-4 lg:grid-cols-[14rem_minmax(0,1fr)]">
      <Card title="What to show">
        <MapControls
          choice={choice}
          change={change}
          datasets={named.map((each) => [each, each] as const)}
          runs={runs.map((each) => [each.id, nameWithExperiment(each)])}
          tasks={tasks}
          task={task}
          run={run?.id ?? ''}
          dataset={dataset}
          busy={loading}
        />
      </Card>
      {error ? (
        <ErrorState
          error={error}
          retry={() => {
            reload();
            setAttempt(attempt + 1);
          }}
        />
      ) : !ready ? (
        <EmptyState title="Before and after training, side by side">
          <p>
            Press Draw the map. The same rows are embedded twice, by the backbone as it was pretrained and by
            the run; both halves share one projection, so that a point that moved was moved by training.
          </p>
        </EmptyState>
      ) : (
        <MapView
          sample={sample}
          before={before}
          after={after}
          predictions={predictions}
          choice={choice}
          task={task}
          model={model}
          runName={run.name}
        />
      )}
    </div>
  );
}
