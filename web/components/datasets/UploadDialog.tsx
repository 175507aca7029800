'use client';

import Link from 'next/link';
import { AsButton, Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import type { StoredVersion } from '@/lib/api/upload-dataset';
import { plural } from '@/lib/format';
import { UploadForm } from './UploadForm';
import { UploadProgressBar } from './UploadProgressBar';
import { useUpload } from './use-upload';

function Stored({ stored, onClose }: { stored: StoredVersion; onClose: () => void }) {
  const { created, dataset } = stored;
  const { repetition } = dataset;
  const warnings = [
    repetition.leakedRows > 0 &&
      `${plural(repetition.leakedRows, 'row')} of validation and test ${repetition.leakedRows === 1 ? 'is' : 'are'} trained on as well`,
    repetition.conflicting > 0 &&
      `${plural(repetition.conflicting, 'sentence')} ${repetition.conflicting === 1 ? 'carries' : 'carry'} labels that contradict each other`,
  ].filter(Boolean);
  return (
    <>
      <div role="status">
        <p className="break-words">
          {created ? (
            <>
              Stored as{' '}
              <strong className="font-semibold">
                {dataset.name}@{dataset.version}
              </strong>
              : {plural(dataset.rowCount, 'row')}.
            </>
          ) : (
            <>
              These very rows are{' '}
              <strong className="font-semibold">
                {dataset.name}@{dataset.version}
              </strong>{' '}
              already; nothing was stored.
            </>
          )}
        </p>
        {warnings.map((warning) => (
          <p key={String(warning)} className="mt-2 text-warn">
            {warning}.
          </p>
        ))}
      </div>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <AsButton look="primary">
          <Link
            href={`/datasets/${encodeURIComponent(dataset.name)}?version=${dataset.version}`}
            onClick={onClose}
          >
            Open {dataset.name}@{dataset.version}
          </Link>
        </AsButton>
      </DialogActions>
    </>
  );
}

/** Brings a file of rows to the server: chooses, sends, tells how far it is and what was wrong, by line. */
export function UploadDialog({
  file,
  onFile,
  dataset,
  open,
  onOpenChange,
  onStored,
}: {
  file: File | null;
  onFile: (file: File | null) => void;
  /** The dataset that it is to be a version of; one is named when there is none. */
  dataset?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onStored: () => void;
}) {
  const { state, start, cancel, forget } = useUpload();
  const close = () => {
    cancel();
    if (state.kind === 'stored') onStored();
    forget();
    onFile(null);
    onOpenChange(false);
  };
  return (
    <Dialog
      wide
      title={dataset === undefined ? 'Upload a dataset' : `A new version of ${dataset}`}
      lead={
        state.kind === 'choosing'
          ? 'A CSV, TSV or JSONL file with a column “sentence” and a column for each task.'
          : undefined
      }
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
    >
      {state.kind !== 'stored' && (
        // What was typed is still there should the file be refused.
        <div hidden={state.kind === 'under way'}>
          <UploadForm
            file={file}
            dataset={dataset}
            failure={state.kind === 'choosing' ? state.failure : null}
            onFile={(next) => {
              forget();
              onFile(next);
            }}
            onCancel={close}
            onSubmit={(request) => void start(request)}
          />
        </div>
      )}
      {state.kind === 'under way' && (
        <>
          <UploadProgressBar progress={state.progress} />
          <DialogActions>
            <Button onClick={cancel}>Stop</Button>
          </DialogActions>
        </>
      )}
      {state.kind === 'stored' && <Stored stored={state.stored} onClose={close} />}
    </Dialog>
  );
}
