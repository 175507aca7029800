'use client';

import { CircleStop } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '@/components/ui/Button';
import { ErrorState } from '@/components/ui/states';
import { useCancelRun } from '@/lib/api/use-run';

/** Stops a run after asking once. */
export function CancelRun({ run }: { run: { id: string; name: string } }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { cancel, pending, error } = useCancelRun();
  return (
    <>
      <Button look="danger" onClick={() => dialog.current?.showModal()}>
        <CircleStop aria-hidden className="size-4" />
        Cancel run
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby="cancel-title"
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface p-5 text-text shadow-xl backdrop:bg-black/40"
      >
        <h2 id="cancel-title" className="text-heading font-semibold break-words">
          Cancel {run.name}?
        </h2>
        <p className="mt-1 text-muted">
          It stops at the next step. Metrics, logs and checkpoints so far are kept.
        </p>
        {error && (
          <div className="mt-3">
            <ErrorState error={error} />
          </div>
        )}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => dialog.current?.close()}>Keep running</Button>
          <Button
            look="primary"
            disabled={pending}
            onClick={() => void cancel(run.id).then((result) => !result.error && dialog.current?.close())}
          >
            {pending ? 'Cancelling…' : 'Cancel the run'}
          </Button>
        </div>
      </dialog>
    </>
  );
}
