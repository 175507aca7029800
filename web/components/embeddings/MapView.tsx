'use client';

import { useCallback, useMemo, useState } from 'react';
import { Card } from '@/components/ui/Card';
import { Skeleton } from '@/components/ui/states';
import type { SentencePrediction } from '@/lib/api/use-predictions';
import type { Sample } from '@/lib/api/use-sample';
import type { VectorsState } from '@/lib/api/use-vectors';
import { formatCount, formatPercent, formatPoints } from '@/lib/format';
import { agreeing, nearestRows } from '@/lib/projection/neighbours';
import { ColourLegend } from './ColourLegend';
import type { MapChoice } from './map-choice';
import { extentOf } from './map-option';
import { MapHalf } from './MapHalf';
import { NeighbourList } from './NeighbourList';
import { RowFinder } from './RowFinder';
import { useMapRows } from './use-map-rows';
import { useProjection } from './use-projection';

const NEIGHBOURS = 8;

/** Both halves one after the other, so that one projection is fitted to both. */
function stacked(before: VectorsState, after: VectorsState): Float32Array | null {
  if (!before.vectors || !after.vectors) return null;
  if (before.vectors.width !== after.vectors.width) return null;
  const { values, width } = before.vectors;
  if (values.length / width < 3) return null;
  const both = new Float32Array(values.length * 2);
  both.set(values);
  both.set(after.vectors.values, values.length);
  return both;
}

/** Mean share of the nearest rows that carry the same label: how well a space keeps the classes apart. */
function agreement(vectors: Float32Array, width: number, labels: readonly (string | null)[]): number {
  const labelled = labels.flatMap((label, row) => (label === null ? [] : [row]));
  const shares = labelled.map(
    (row) => agreeing(nearestRows(vectors, width, row, NEIGHBOURS), labels, row) / NEIGHBOURS,
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** The two halves of the map, the row pointed at with its neighbours, and what was sampled how. */
export function MapView({
  sample,
  before,
  after,
  predictions,
  choice,
  task,
  model,
  runName,
}: {
  sample: Sample | null;
  before: VectorsState;
  after: VectorsState;
  predictions: readonly SentencePrediction[] | null;
  choice: MapChoice;
  task: string;
  model: string;
  runName: string;
}) {
  const both = useMemo(() => stacked(before, after), [before, after]);
  const width = before.vectors?.width ?? 0;
  const { projection, progress, failed } = useProjection(both, width, choice.method, choice.seed);
  const [pointed, setPointed] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  const { rows, kinds, labels } = useMapRows(sample, predictions, task, choice.colour);
  const mistakes = choice.colour === 'mistake';
  const current = pointed ?? pinned;
  const near = useMemo(() => {
    if (current === null || !before.vectors || !after.vectors) return null;
    return {
      before: nearestRows(before.vectors.values, before.vectors.width, current, NEIGHBOURS),
      after: nearestRows(after.vectors.values, after.vectors.width, current, NEIGHBOURS),
    };
  }, [current, before.vectors, after.vectors]);
  const halves = useMemo(() => {
    if (!projection) return null;
    const middle = projection.points.length / 2;
    const halfOf = (points: Float64Array) => ({
      points,
      extent: extentOf(choice.ownScale ? points : projection.points),
    });
    return {
      before: halfOf(projection.points.subarray(0, middle)),
      after: halfOf(projection.points.subarray(middle)),
    };
  }, [projection, choice.ownScale]);
  const together = useMemo(() => {
    if (!before.vectors || !after.vectors || rows.length > 1000 || rows.length <= NEIGHBOURS) return null;
    return {
      before: agreement(before.vectors.values, before.vectors.width, labels),
      after: agreement(after.vectors.values, after.vectors.width, labels),
    };
  }, [before.vectors, after.vectors, labels, rows.length]);
  const pin = useCallback((row: number) => setPinned(row), []);
  const markedBefore = useMemo(
    () => (current === null ? [] : [current, ...(near?.before.map(({ row }) => row) ?? [])]),
    [current, near],
  );
  const markedAfter = useMemo(
    () => (current === null ? [] : [current, ...(near?.after.map(({ row }) => row) ?? [])]),
    [current, near],
  );

  if (!halves || !sample) {
    const done = before.done + after.done;
    const total = 2 * (sample?.rows.length ?? 0);
    const doing =
      failed || (before.vectors && after.vectors && !both)
        ? 'These rows cannot be drawn in one plane: three of them at least, and two models of one width, are needed.'
        : progress !== null
          ? `Projecting: ${formatPercent(progress)}`
          : total === 0
            ? 'Drawing the sample'
            : `Embedding: ${formatCount(done)} of ${formatCount(total)}`;
    return (
      <div className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
        <p role="status" aria-label={`Loading the map. ${doing}`} className="text-muted">
          {doing}
        </p>
        {!failed && <Skeleton className="h-[360px] w-full" />}
      </div>
    );
  }
  const describe = (half: string) =>
    `${half}: ${rows.length} sentences in the plane, coloured by ${choice.colour}: ${kinds.join(', ')}.`;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="text-table text-muted" data-sample>
        {formatCount(rows.length)} of {formatCount(sample.population)} rows of {sample.dataset.name}@
        {sample.dataset.version}, drawn at random{task && `, stratified by ${task}`}, sample {choice.seed}.
        One {choice.method === 'pca' ? 'PCA' : 'UMAP'} over both halves
        {projection?.explained &&
          `, which keeps ${formatPercent(projection.explained[0])} + ${formatPercent(projection.explained[1])} of the variance`}
        .
        {together &&
          ` Of a row’s ${NEIGHBOURS} nearest, ${formatPercent(together.before)} carry its label before training and ${formatPercent(together.after)} after (${formatPoints(together.after - together.before)}).`}
        {choice.colour !== 'label' && predictions === null && ' Predicting…'}
        {choice.ownScale && ' Each half has a scale of its own.'}
        {progress !== null && ` Projecting anew: ${formatPercent(progress)}`}
      </p>
      <ColourLegend kinds={kinds} mistakes={mistakes} />
      <div className="grid min-w-0 items-start gap-3 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_18rem]">
        <MapHalf
          title={`Before: ${model.split('/').at(-1)}`}
          summary={describe('Before training')}
          rows={rows}
          points={halves.before.points}
          extent={halves.before.extent}
          mistakes={mistakes}
          marked={markedBefore}
          onPoint={setPointed}
          onPin={pin}
        />
        <MapHalf
          title={`After: ${runName}`}
          summary={describe('After training')}
          rows={rows}
          points={halves.after.points}
          extent={halves.after.extent}
          mistakes={mistakes}
          marked={markedAfter}
          onPoint={setPointed}
          onPin={pin}
        />
        <Card title="Nearest neighbours">
          <RowFinder rows={rows} onPin={pin} />
          {current !== null && near ? (
            <NeighbourList row={current} rows={rows} before={near.before} after={near.after} onPin={pin} />
          ) : (
            <p className="mt-2 text-table text-muted">
              Point at a sentence to see its nearest ones in the full space of {width} dimensions; click to
              keep it.
            </p>
          )}
        </Card>
      </div>
    </div>
  );
}
