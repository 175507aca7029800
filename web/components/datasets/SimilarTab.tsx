'use client';

import { useMemo, useState } from 'react';
import { VectorProgress } from '@/components/embeddings/VectorProgress';
import { WeightsOptions } from '@/components/embeddings/WeightsOptions';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Field, Select } from '@/components/ui/Field';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import type { DatasetDetail } from '@/lib/api/use-datasets';
import { useFinishedRuns } from '@/lib/api/use-library';
import { useVectorReports, useVectorSets, weightsOf, type ListedVectors } from '@/lib/api/use-vector-reports';
import { useViewer } from '@/lib/api/use-viewer';
import { textField } from '@/lib/settings';
import { useUrlState } from '@/lib/url-state';
import { printWeights, readWeights, usualModel } from '@/lib/weights';
import { LabelErrorsCard } from './LabelErrorsCard';
import { NearDuplicatesCard, thresholds } from './NearDuplicatesCard';

const PAGE = 25;
/** What the server gives at most. */
const MOST_PAIRS = 1000;
const MOST_DOUBTS = 500;

function Reports({
  dataset,
  weights,
  sets,
  onBuilt,
}: {
  dataset: DatasetDetail;
  weights: string;
  sets: readonly ListedVectors[];
  onBuilt: () => void;
}) {
  const [params, change] = useUrlState();
  const mayEdit = useViewer().may('EDITOR');
  const tasks = dataset.tasks.map(({ name }) => name);
  const threshold = thresholds.find((value) => value === params.get('cosine')) ?? '0.95';
  const task = tasks.find((name) => name === params.get('task')) ?? tasks[0] ?? '';
  const [pairs, setPairs] = useState(PAGE);
  const [doubts, setDoubts] = useState(PAGE);
  const state = useVectorReports(
    {
      dataset: `${dataset.name}@${dataset.version}`,
      weights: useMemo(() => readWeights(weights), [weights]),
      sets,
      threshold: Number(threshold),
      task,
      pairs,
      doubts,
    },
    onBuilt,
  );
  if (state.building)
    return (
      <Card title="Vectors of the rows" flush>
        <VectorProgress set={state.building} />
      </Card>
    );
  if (state.missing)
    return (
      <EmptyState title="The rows have not been compared yet">
        <p>
          A worker turns every sentence into a vector by the weights above, once, and finds the rows most
          similar to each. Then this place shows pairs that say nearly the same in other words, which leak
          between splits as exact repetitions do; and rows whose label most of the similar rows do not carry,
          which are worth a second look. The work grows with the square of the rows.
        </p>
        {mayEdit ? (
          <Button look="primary" onClick={state.build}>
            Compare the rows
          </Button>
        ) : (
          <p>It takes the role EDITOR to start it.</p>
        )}
      </EmptyState>
    );
  if (state.error) return <ErrorState error={state.error} retry={state.retry} />;
  if (!state.near || (task !== '' && !state.labels))
    return (
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonLines label="Loading the reports" />
      </div>
    );
  const { near, labels } = state;
  return (
    <>
      <NearDuplicatesCard
        report={near}
        tasks={tasks}
        threshold={threshold}
        onThreshold={(value) => change({ cosine: value === '0.95' ? null : value })}
        onMore={
          near.pairs.length < Math.min(near.total, MOST_PAIRS)
            ? () => setPairs(Math.min(MOST_PAIRS, pairs + 4 * PAGE))
            : null
        }
      />
      {labels && (
        <LabelErrorsCard
          report={labels}
          tasks={tasks}
          task={task}
          onTask={(value) => change({ task: value === tasks[0] ? null : value })}
          onMore={
            labels.doubts.length < Math.min(labels.total, MOST_DOUBTS)
              ? () => setDoubts(Math.min(MOST_DOUBTS, doubts + 4 * PAGE))
              : null
          }
        />
      )}
    </>
  );
}

/** What vectors of the rows tell: which say nearly the same, and whose labels those like them speak against. */
export function SimilarTab({ dataset }: { dataset: DatasetDetail }) {
  const [params, change] = useUrlState();
  const { runs, loading } = useFinishedRuns();
  const { sets, error, reload } = useVectorSets(`${dataset.name}@${dataset.version}`);
  if (error) return <ErrorState error={error} retry={reload} />;
  if (!sets || loading)
    return (
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonLines label="Loading what is known of the vectors" />
      </div>
    );
  const trained = runs.filter((run) => textField(run.definition, 'dataset')?.split('@')[0] === dataset.name);
  const models = [
    ...new Set([
      ...sets.map(({ model }) => model.model),
      ...[...trained, ...runs].map((run) => textField(run.definition, 'model') ?? usualModel),
      usualModel,
    ]),
  ];
  const compared = sets.find(({ neighbours }) => neighbours) ?? sets[0];
  const weights =
    params.get('weights') ?? (compared ? printWeights(weightsOf(compared)) : `model ${models[0]}`);
  return (
    <>
      <Field label="Compared by" hint="Backbones as they were pretrained, or a run after training.">
        <Select
          value={weights}
          onChange={(event) => change({ weights: event.target.value })}
          className="w-full sm:w-96"
        >
          <WeightsOptions models={models} runs={runs} />
        </Select>
      </Field>
      <Reports key={weights} dataset={dataset} weights={weights} sets={sets} onBuilt={reload} />
    </>
  );
}
