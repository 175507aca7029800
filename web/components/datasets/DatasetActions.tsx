'use client';

import { Download, Trash2, Upload } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { ActionMenu, MenuItem, MenuLabel } from '@/components/ui/ActionMenu';
import { Button } from '@/components/ui/Button';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { useDeleteDataset, type DatasetDetail } from '@/lib/api/use-datasets';
import { fetchFile } from '@/lib/download';
import { plural } from '@/lib/format';

function DeleteDialog({
  dataset,
  whole,
  onClose,
  onDeleted,
}: {
  dataset: DatasetDetail;
  whole: boolean;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { perform, pending, error } = useDeleteDataset();
  const { name, version, versions } = dataset;
  const concerned = versions.filter((one) => whole || one.version === version);
  const runs = concerned.reduce((sum, one) => sum + one.runs.totalCount, 0);
  const reference = whole ? name : `${name}@${version}`;
  const used = concerned.filter((one) => one.runs.totalCount > 0);
  return (
    <ConfirmDialog
      open
      title={`Delete ${reference}?`}
      keep="Keep it"
      confirm={whole && versions.length > 1 ? `Delete ${plural(versions.length, 'version')}` : 'Delete'}
      pending={pending}
      pendingText="Deleting…"
      error={error}
      onOpenChange={(open) => !open && onClose()}
      onConfirm={() =>
        void perform({ input: { name, version: whole ? null : version } }).then(
          (done) => done !== null && onDeleted(),
        )
      }
    >
      <p>Its rows, the file they came in and vectors of its sentences go with it.</p>
      {runs > 0 && (
        <p className="mt-2">
          What runs refer to is protected:{' '}
          {used.slice(0, 5).map((one, index) => (
            <span key={one.id}>
              {index > 0 && ', '}
              <Link
                className="link"
                prefetch={false}
                href={`/runs?q=${encodeURIComponent(`dataset = ${JSON.stringify(`${name}@${one.version}`)}`)}`}
              >
                {plural(one.runs.totalCount, 'run')} of version {one.version}
              </Link>
            </span>
          ))}
          {used.length > 5 && ` and of ${used.length - 5} other versions`}.
        </p>
      )}
    </ConfirmDialog>
  );
}

/** What can be done with a version: have it as a file, bring another one, delete it. */
export function DatasetActions({
  dataset,
  mayEdit,
  onUpload,
  onDeleted,
}: {
  dataset: DatasetDetail;
  mayEdit: boolean;
  onUpload: () => void;
  onDeleted: (whole: boolean) => void;
}) {
  const [deleting, setDeleting] = useState<'version' | 'all' | null>(null);
  const { versions, version, source } = dataset;
  return (
    <>
      <ActionMenu
        trigger={
          <Button>
            <Download aria-hidden className="size-4" />
            Download
          </Button>
        }
      >
        <MenuLabel>Version {version}</MenuLabel>
        {source && <MenuItem onSelect={() => fetchFile(dataset.path)}>The file as it was uploaded</MenuItem>}
        <MenuItem onSelect={() => fetchFile(dataset.csv)}>Rows with splits, CSV</MenuItem>
        <MenuItem onSelect={() => fetchFile(dataset.tsv)}>Rows with splits, TSV</MenuItem>
        <MenuItem onSelect={() => fetchFile(dataset.jsonl)}>Rows with splits, JSONL</MenuItem>
      </ActionMenu>
      {mayEdit && (
        <>
          <Button onClick={onUpload}>
            <Upload aria-hidden className="size-4" />
            New version
          </Button>
          <ActionMenu
            trigger={
              <Button look="danger">
                <Trash2 aria-hidden className="size-4" />
                Delete
              </Button>
            }
          >
            <MenuItem danger onSelect={() => setDeleting('version')}>
              Version {version}
            </MenuItem>
            <MenuItem danger onSelect={() => setDeleting('all')}>
              {versions.length === 1 ? 'The whole dataset' : `All ${versions.length} versions`}
            </MenuItem>
          </ActionMenu>
        </>
      )}
      {deleting !== null && (
        <DeleteDialog
          dataset={dataset}
          whole={deleting === 'all'}
          onClose={() => setDeleting(null)}
          onDeleted={() => onDeleted(deleting === 'all' || versions.length === 1)}
        />
      )}
    </>
  );
}
