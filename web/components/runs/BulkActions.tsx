'use client';

import { CircleStop, GitCompareArrows, Tag, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { AsButton, Button } from '@/components/ui/Button';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { isActive } from '@/lib/api/use-run';
import { formatCount, plural } from '@/lib/format';
import type { RunListItem, RunListQuery } from '@/lib/runs/run-pager';
import { useBulkActions } from '@/lib/runs/use-bulk-actions';
import type { Selection } from './RunsGrid';
import { TagDialog } from './TagDialog';

/** What the comparison takes at most. */
const MOST_COMPARED = 50;

type BulkDialog = 'tag' | 'cancel' | 'delete';

/** Says of selected runs that they are left out, and why. */
function spared(count: number, why: string, stay: string): string {
  if (count === 0) return '';
  return ` ${plural(count, 'selected run')} ${why} and ${count === 1 ? 'stays' : 'stay'}${stay}.`;
}

/** What can be done with the selected runs. */
export function BulkActions({
  selection,
  onSelect,
  total,
  query,
  loaded,
  onDeleted,
}: {
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** How many runs the filter takes. */
  total: number;
  query: Pick<RunListQuery, 'where' | 'query' | 'orderBy'>;
  loaded: () => RunListItem[];
  /** Runs are gone. */
  onDeleted: () => void;
}) {
  const actions = useBulkActions();
  const [dialog, setDialog] = useState<BulkDialog | null>(null);
  const ids = [...selection.keys()];
  const read = dialog === null ? [] : loaded().filter(({ id }) => selection.has(id));
  // What is on the page is newer than what was seen when it was selected.
  const stateOf = (id: string) => read.find((run) => run.id === id)?.state ?? selection.get(id)!;
  const stoppable = ids.filter((id) => isActive(stateOf(id)));
  const over = ids.filter((id) => !isActive(stateOf(id)));
  const toggleDialog = (name: BulkDialog) => (open: boolean) => {
    actions.clearError();
    setDialog(open ? name : null);
  };
  const none = ids.length === 0;
  const compare = (
    <>
      <GitCompareArrows aria-hidden className="size-4" />
      Compare
    </>
  );
  return (
    <>
      <span aria-live="polite" className="text-table text-muted empty:absolute">
        {!none && `${formatCount(ids.length)} selected`}
      </span>
      {!none && ids.length < total && (
        <Button
          look="ghost"
          small
          disabled={actions.pending}
          onClick={() => void actions.selectAll(query).then(onSelect)}
        >
          Select all {formatCount(total)}
        </Button>
      )}
      {!none && (
        <>
          <Button look="ghost" small onClick={() => onSelect(new Map())}>
            Clear
          </Button>
          <Button onClick={() => toggleDialog('tag')(true)}>
            <Tag aria-hidden className="size-4" />
            Tag
          </Button>
          <Button onClick={() => toggleDialog('cancel')(true)}>
            <CircleStop aria-hidden className="size-4" />
            Cancel
          </Button>
          <Button look="danger" onClick={() => toggleDialog('delete')(true)}>
            <Trash2 aria-hidden className="size-4" />
            Delete
          </Button>
        </>
      )}
      {none || ids.length > MOST_COMPARED ? (
        <Button
          look="primary"
          disabled
          title={none ? 'Select runs first' : `${MOST_COMPARED} runs at most are compared`}
        >
          {compare}
        </Button>
      ) : (
        <AsButton look="primary">
          <Link href={`/compare?runs=${ids.join(',')}`} prefetch={false}>
            {compare}
          </Link>
        </AsButton>
      )}
      {dialog === 'tag' && (
        <TagDialog
          open
          count={ids.length}
          present={[...new Set(read.flatMap(({ tags }) => tags))].sort()}
          pending={actions.pending}
          error={actions.error}
          onOpenChange={toggleDialog('tag')}
          onApply={(changes) => void actions.tag(ids, changes).then((done) => done && setDialog(null))}
        />
      )}
      {dialog === 'cancel' && (
        <ConfirmDialog
          open
          title={stoppable.length === 0 ? 'Nothing to cancel' : `Cancel ${plural(stoppable.length, 'run')}?`}
          keep={stoppable.length === 0 ? 'Close' : 'Keep running'}
          confirm={`Cancel ${plural(stoppable.length, 'run')}`}
          pending={actions.pending}
          pendingText="Cancelling…"
          error={actions.error}
          onOpenChange={toggleDialog('cancel')}
          onConfirm={() => void actions.cancel(stoppable).then((done) => done && setDialog(null))}
        >
          {stoppable.length === 0
            ? 'None of the selected runs is queued or running.'
            : 'They stop at the next step. Metrics, logs and checkpoints so far are kept.'}
          {stoppable.length > 0 &&
            spared(over.length, 'already ended', over.length === 1 ? ' as it is' : ' as they are')}
        </ConfirmDialog>
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          open
          title={over.length === 0 ? 'Nothing to delete' : `Delete ${plural(over.length, 'run')} for good?`}
          keep={over.length === 0 ? 'Close' : 'Keep them'}
          confirm={`Delete ${plural(over.length, 'run')}`}
          pending={actions.pending || over.length === 0}
          pendingText={actions.pending ? 'Deleting…' : 'Delete'}
          error={actions.error}
          onOpenChange={toggleDialog('delete')}
          onConfirm={() =>
            void actions.remove(over).then((done) => {
              onDeleted();
              if (!done) return;
              const gone = new Set(over);
              onSelect(new Map([...selection].filter(([id]) => !gone.has(id))));
              setDialog(null);
            })
          }
        >
          {over.length === 0
            ? 'All of the selected runs are queued or running: cancel them first.'
            : 'Their metrics, logs, checkpoints and predictions go with them, and cannot be had back. Runs forked from them stay.'}
          {over.length > 0 &&
            spared(stoppable.length, `${stoppable.length === 1 ? 'is' : 'are'} under way`, '')}
        </ConfirmDialog>
      )}
    </>
  );
}
