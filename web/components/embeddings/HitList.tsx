'use client';

import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import type { SimilarHit, SimilarState } from '@/lib/api/use-similar';
import { VectorProgress } from './VectorProgress';

function Hits({ hits, other }: { hits: readonly SimilarHit[]; other: readonly SimilarHit[] | null }) {
  if (hits.length === 0) return <p className="px-4 pb-4 text-muted">The dataset has no rows.</p>;
  return (
    <ol className="flex flex-col border-t border-line">
      {hits.map((hit, place) => (
        <li
          key={hit.index}
          data-hit={hit.index}
          className="grid grid-cols-[1.5rem_4rem_minmax(0,1fr)] items-baseline gap-2 border-b border-line px-4 py-2 text-table last:border-b-0"
        >
          <span className="text-right text-muted">{place + 1}</span>
          <span title="Cosine of the two vectors">
            {hit.score.toFixed(4).replace('-', '−')}
            <span aria-hidden className="mt-1 block h-1 rounded-full bg-sunken">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${Math.max(0, hit.score) * 100}%` }}
              />
            </span>
          </span>
          <span className="min-w-0">
            <span className="break-words">{hit.sentence}</span>
            <span className="mt-0.5 flex flex-wrap gap-x-3 text-axis text-muted">
              {hit.labels.map(({ task, label }) => (
                <span key={task}>
                  {task}: {label}
                </span>
              ))}
              <span>{hit.split.toLowerCase()}</span>
              {other && !other.some(({ index }) => index === hit.index) && (
                <span className="font-medium text-text">only here</span>
              )}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What one set of weights finds: rows, or what has to be done before it can search. */
export function HitList({
  title,
  state,
  other,
}: {
  title: string;
  state: SimilarState;
  /** What the other weights find, to mark what they do not. */
  other: readonly SimilarHit[] | null;
}) {
  return (
    <Card title={title} flush>
      {state.building ? (
        <VectorProgress set={state.building} />
      ) : state.missing ? (
        <div className="flex flex-col items-start gap-3 px-4 pb-4 text-muted">
          <p>
            The rows have no vectors by these weights yet. A worker computes them once; searches then take
            milliseconds.
          </p>
          <Button look="primary" onClick={state.build}>
            Compute the vectors
          </Button>
        </div>
      ) : state.error ? (
        <div className="px-4 pb-4">
          <ErrorState error={state.error} retry={state.retry} />
        </div>
      ) : state.hits ? (
        <Hits hits={state.hits} other={other} />
      ) : (
        <SkeletonLines lines={5} label="Searching" />
      )}
    </Card>
  );
}
