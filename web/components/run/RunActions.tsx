'use client';

import { CircleStop, Copy, GitCompareArrows, GitFork, Play, ShieldCheck } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { AsButton, Button } from '@/components/ui/Button';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { ErrorState } from '@/components/ui/states';
import {
  isActive,
  useCancelRun,
  useResumeRun,
  useSiblings,
  useVerifyRun,
  type RunDetail,
} from '@/lib/api/use-run';
import { ForkDialog } from './ForkDialog';
import { RunModel } from './RunModel';

function CompareLink({ run }: { run: RunDetail }) {
  const siblings = useSiblings(run.experiment?.name ?? null);
  const others = siblings.filter((other) => other.id !== run.id).slice(0, 7);
  if (others.length === 0) return null;
  return (
    <AsButton>
      <Link href={`/compare?runs=${[run.id, ...others.map((other) => other.id)].join(',')}`} prefetch={false}>
        <GitCompareArrows aria-hidden className="size-4" />
        Compare within the experiment
      </Link>
    </AsButton>
  );
}

/** What can be done with a run, as far as its state allows. */
export function RunActions({ run, reload }: { run: RunDetail; reload: () => void }) {
  const [dialog, setDialog] = useState<'cancel' | 'fork' | null>(null);
  const cancel = useCancelRun();
  const resume = useResumeRun();
  const verify = useVerifyRun();
  const verifying = run.verification?.state === 'QUEUED' || run.verification?.state === 'RUNNING';
  const [dismissed, setDismissed] = useState<unknown>(null);
  const refused = [resume.error, verify.error].find((error) => error !== null && error !== dismissed);
  const own = !run.external;
  return (
    <>
      <CompareLink run={run} />
      {own && isActive(run.state) && (
        <Button look="danger" onClick={() => setDialog('cancel')}>
          <CircleStop aria-hidden className="size-4" />
          Cancel run
        </Button>
      )}
      {own && (run.state === 'CANCELLED' || run.state === 'FAILED' || run.state === 'LOST') && (
        <Button
          look="primary"
          disabled={resume.pending}
          onClick={() => void resume.perform({ input: { id: run.id } })}
        >
          <Play aria-hidden className="size-4" />
          {resume.pending ? 'Resuming…' : 'Resume'}
        </Button>
      )}
      {own && run.state === 'FINISHED' && (
        <Button
          disabled={verify.pending || verifying}
          title="Run it again from the start and compare every bit"
          onClick={() => void verify.perform({ input: { id: run.id } })}
        >
          <ShieldCheck aria-hidden className="size-4" />
          {verifying ? 'Verifying…' : 'Verify'}
        </Button>
      )}
      {own && run.checkpoints.length > 0 && (
        <Button onClick={() => setDialog('fork')}>
          <GitFork aria-hidden className="size-4" />
          Fork
        </Button>
      )}
      {own && (
        <AsButton>
          <Link
            href={`/experiments/new?run=${run.id}`}
            prefetch={false}
            title="A new experiment that begins with this run's definition"
          >
            <Copy aria-hidden className="size-4" />
            Clone
          </Link>
        </AsButton>
      )}
      <RunModel run={run} reload={reload} />
      {dialog === 'fork' && <ForkDialog open run={run} onOpenChange={(open) => !open && setDialog(null)} />}
      {dialog === 'cancel' && (
        <ConfirmDialog
          open
          title={`Cancel ${run.name}?`}
          keep="Keep running"
          confirm="Cancel the run"
          pending={cancel.pending}
          pendingText="Cancelling…"
          error={cancel.error}
          onOpenChange={(open) => !open && setDialog(null)}
          onConfirm={() =>
            void cancel.perform({ input: { id: run.id } }).then((done) => done && setDialog(null))
          }
        >
          It stops at the next step. Metrics, logs and checkpoints so far are kept.
        </ConfirmDialog>
      )}
      {refused && (
        <Dialog title="The server refused" open onOpenChange={() => setDismissed(refused)}>
          <ErrorState error={refused} />
          <DialogActions>
            <Button onClick={() => setDismissed(refused)}>Close</Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
}
