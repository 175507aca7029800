'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Choice } from '@/components/ui/Choice';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useRepetitions, type DatasetDetail, type Repeated } from '@/lib/api/use-datasets';
import { formatCount, plural } from '@/lib/format';
import type { RepetitionKind } from '@/lib/generated/graphql';
import { useUrlState } from '@/lib/url-state';
import { Mark } from './Mark';
import { RowTable } from './RowTable';

const PAGE = 30;
/** What the server gives at most at a time. */
const MOST = 500;
const kinds: readonly RepetitionKind[] = ['ANY', 'LEAKING', 'CONFLICTING'];

function Sentence({ repeated, tasks }: { repeated: Repeated; tasks: readonly string[] }) {
  const { rows, rowCount, leaking, conflicting, splits } = repeated;
  const where = (['train', 'validation', 'test'] as const)
    .filter((split) => splits[split] > 0)
    .map((split) => `${formatCount(splits[split])} in ${split}`);
  return (
    <li data-repeated className="border-b border-line last:border-b-0">
      <details>
        <summary className="px-4 py-2.5 hover:bg-sunken">
          <span className="break-words">{rows[0]?.sentence.slice(0, 300)}</span>
          <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 pl-4 text-table text-muted">
            <span>
              {plural(rowCount, 'row')}: {where.join(', ')}
            </span>
            {leaking && <Mark>across splits</Mark>}
            {conflicting && <Mark>labels contradict</Mark>}
          </span>
        </summary>
        <RowTable
          label={`Rows of “${rows[0]?.sentence.slice(0, 60) ?? ''}”`}
          tasks={tasks}
          rows={rows}
          total={rowCount}
        />
      </details>
    </li>
  );
}

/** Sentences that occur more than once: what leaks between splits, and what is labelled both ways. */
export function RepetitionsTab({ dataset }: { dataset: DatasetDetail }) {
  const [params, change] = useUrlState();
  const kind = kinds.find((one) => one === params.get('kind')) ?? 'ANY';
  const [first, setFirst] = useState(PAGE);
  const { sentences, total, fetching, loading, error, reload } = useRepetitions(
    dataset.name,
    dataset.version,
    kind,
    first,
  );
  const { repetition } = dataset;
  const tasks = dataset.tasks.map(({ name }) => name);
  const texts: Record<RepetitionKind, string> = {
    ANY: `All ${formatCount(repetition.sentences)}`,
    LEAKING: `Across splits ${formatCount(repetition.leaking)}`,
    CONFLICTING: `Labels contradict ${formatCount(repetition.conflicting)}`,
  };
  if (repetition.sentences === 0)
    return (
      <EmptyState title="Every sentence occurs once">
        <p>
          Nothing leaks between splits. Sentences are compared with case, spaces and compatibility forms
          levelled.
        </p>
      </EmptyState>
    );
  return (
    <>
      {repetition.leakedRows > 0 && (
        <p role="note" className="rounded-lg border border-line bg-warn-soft px-4 py-3 text-warn">
          <strong className="font-semibold">
            {plural(repetition.leakedRows, 'row')} of validation and test{' '}
            {repetition.leakedRows === 1 ? 'is' : 'are'} trained on as well.
          </strong>{' '}
          What is measured on {repetition.leakedRows === 1 ? 'it' : 'them'} flatters. Upload the rows again
          without a split to have one drawn: rows of the same sentence then stay together.
        </p>
      )}
      <Choice
        label="Which sentences"
        options={kinds.map((value) => ({ value, text: texts[value] }))}
        value={kind}
        onChange={(value) => {
          setFirst(PAGE);
          change({ kind: value === 'ANY' ? null : value });
        }}
      />
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines label="Loading repeated sentences" />
        </div>
      ) : total === 0 ? (
        <p className="text-muted">No sentence is like that.</p>
      ) : (
        <ul aria-label="Repeated sentences" className="rounded-lg border border-line bg-surface">
          {sentences.map((repeated) => (
            <Sentence key={repeated.rows[0]?.index} repeated={repeated} tasks={tasks} />
          ))}
        </ul>
      )}
      {sentences.length < total && first < MOST && (
        <Button
          className="self-start"
          disabled={fetching}
          onClick={() => setFirst(Math.min(MOST, first + 100))}
        >
          {fetching ? 'Loading…' : `Show more of ${formatCount(total)}`}
        </Button>
      )}
    </>
  );
}
