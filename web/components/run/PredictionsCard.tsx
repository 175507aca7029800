'use client';

import { X } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { usePredictions, type Prediction, type PredictionFilter } from '@/lib/api/use-evaluation';
import { formatNumber, formatPercent, plural } from '@/lib/format';

function Probabilities({ prediction }: { prediction: Prediction }) {
  const shown = prediction.probabilities
    .filter(({ label }) => label === prediction.label || label === prediction.predicted)
    .sort((a, b) => Number(b.label === prediction.predicted) - Number(a.label === prediction.predicted));
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)_5rem_3.75rem] items-center gap-x-2 gap-y-0.5">
      {shown.map(({ label, probability }) => {
        const right = label === prediction.label;
        return (
          <div key={label} className="contents">
            <dt className="truncate" title={label}>
              <span className={right ? 'text-good' : 'text-bad'}>{label}</span>
              <span className="sr-only">
                {right ? ', the label' : ''}
                {label === prediction.predicted ? ', predicted' : ''}
              </span>
            </dt>
            <dd aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
              <span
                className={`block h-full rounded-full ${right ? 'bg-good' : 'bg-bad'}`}
                style={{ width: `${(probability ?? 0) * 100}%` }}
              />
            </dd>
            <dd className="text-right">{formatPercent(probability ?? Number.NaN)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

const row = 'gap-x-4 gap-y-1 px-4 text-table md:grid-cols-[3rem_minmax(0,1fr)_17rem_4rem] md:items-start';

/** Validation rows with what the run says of them, the worst first. */
export function PredictionsCard({
  runId,
  filter,
  moment,
  onChange,
}: {
  runId: string;
  filter: PredictionFilter;
  /** Changes when there may be other predictions. */
  moment: string;
  onChange: (changes: Partial<Pick<PredictionFilter, 'mistakesOnly' | 'label' | 'predicted'>>) => void;
}) {
  const list = usePredictions(runId, filter, moment);
  const cell = filter.label !== null || filter.predicted !== null;
  return (
    <Card
      title={filter.mistakesOnly && !cell ? 'Worst mistakes' : 'Predictions'}
      note={list.kept && !list.error ? plural(list.total, 'row') : undefined}
      flush
      actions={
        <span className="flex flex-wrap items-center gap-3 text-table">
          {cell && (
            <Button small onClick={() => onChange({ label: null, predicted: null })}>
              {filter.label} taken for {filter.predicted}
              <X aria-hidden className="size-3.5" />
              <span className="sr-only">: remove this filter</span>
            </Button>
          )}
          <label className="flex items-center gap-1.5">
            <input
              type="checkbox"
              className="accent-accent"
              checked={filter.mistakesOnly}
              disabled={cell}
              onChange={(event) => onChange({ mistakesOnly: event.target.checked })}
            />
            Mistakes only
          </label>
        </span>
      }
    >
      {list.error ? (
        <div className="p-4 pt-0">
          <ErrorState error={list.error} retry={list.retry} />
        </div>
      ) : list.loading && list.rows.length === 0 ? (
        <SkeletonLines label="Loading predictions" />
      ) : !list.kept ? (
        <p className="px-4 pb-4 text-muted">
          The run keeps no predictions of this moment yet: they are stored with a checkpoint and at the end.
        </p>
      ) : list.rows.length === 0 ? (
        <p className="px-4 pb-4 text-muted">
          {filter.mistakesOnly ? 'No mistakes on the validation rows.' : 'No such rows.'}
        </p>
      ) : (
        <>
          <div aria-hidden className={`${row} hidden border-b border-line pb-1.5 text-muted md:grid`}>
            <span className="text-right">Row</span>
            <span>Sentence</span>
            <span>Predicted and label</span>
            <span className="text-right">Loss</span>
          </div>
          <ol>
            {list.rows.map((prediction) => (
              <li
                key={prediction.row}
                data-row={prediction.row}
                className={`${row} grid border-b border-line py-2 last:border-b-0`}
              >
                <span className="text-muted md:text-right">
                  <span className="md:sr-only">Row </span>
                  {prediction.row}
                </span>
                <span className="min-w-0 break-words whitespace-pre-wrap">{prediction.sentence}</span>
                <Probabilities prediction={prediction} />
                <span className="md:text-right">
                  <span className="text-muted md:sr-only">Loss </span>
                  {prediction.label === null ? '—' : formatNumber(prediction.loss ?? Infinity)}
                </span>
              </li>
            ))}
          </ol>
          {list.next !== null && (
            <div className="flex items-center gap-3 border-t border-line px-4 py-2 text-table text-muted">
              <Button small disabled={list.loading} onClick={list.more}>
                {list.loading ? 'Loading…' : 'Show more'}
              </Button>
              {list.rows.length} of {plural(list.total, 'row')}
            </div>
          )}
        </>
      )}
    </Card>
  );
}
