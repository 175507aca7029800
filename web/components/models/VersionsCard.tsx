'use client';

import { Download, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { Ago, Digest } from '@/components/ui/Values';
import { useDeleteModelVersion, type ModelDetail, type ModelVersionDetail } from '@/lib/api/use-models';
import { formatCount, formatNumber, formatPercent } from '@/lib/format';
import { AliasChip } from './AliasChip';
import { ExportMenu } from './ExportMenu';

function Evaluations({ evaluations }: { evaluations: ModelVersionDetail['evaluations'] }) {
  if (evaluations.length === 0) return <span className="text-muted">not evaluated</span>;
  return evaluations.map((one) => (
    <span key={`${one.dataset} ${one.split} ${one.task}`} className="block whitespace-nowrap">
      <span className="text-muted">{one.task}</span> {formatPercent(one.accuracy)}{' '}
      <span
        className="text-muted"
        title={`macro-F1 ${formatPercent(one.macroF1)}, loss ${formatNumber(one.loss)}, ${formatCount(one.labelled)} rows`}
      >
        on {one.split.toLowerCase()} of {one.dataset}
      </span>
    </span>
  ));
}

function DeleteDialog({
  model,
  version,
  onClose,
  onDeleted,
}: {
  model: string;
  version: number;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { perform, pending, error } = useDeleteModelVersion();
  return (
    <ConfirmDialog
      open
      title={`Delete ${model}@${version}?`}
      keep="Keep it"
      confirm="Delete the version"
      pending={pending}
      pendingText="Deleting…"
      error={error}
      onOpenChange={(open) => !open && onClose()}
      onConfirm={() =>
        void perform({ input: { model, version } }).then((done) => done !== null && onDeleted())
      }
    >
      Nobody can ask for it any more, and its number is not given again. The run and its weights stay.
    </ConfirmDialog>
  );
}

/** The versions of a model: the run behind each, what is known about it, and its archive. */
export function VersionsCard({
  model,
  mayEdit,
  reload,
}: {
  model: ModelDetail;
  mayEdit: boolean;
  reload: () => void;
}) {
  const [deleting, setDeleting] = useState<number | null>(null);
  return (
    <Card title="Versions" note={formatCount(model.versions.length)} flush>
      <div tabIndex={0} role="region" aria-label="Versions" className="overflow-x-auto">
        <table className="table-plain">
          <thead>
            <tr>
              <th scope="col" className="num">
                Version
              </th>
              <th scope="col">Run</th>
              <th scope="col">Aliases</th>
              <th scope="col">Found by gates</th>
              <th scope="col">Weights</th>
              <th scope="col">Registered</th>
              <th scope="col">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {model.versions.map((one) => (
              <tr key={one.version} data-version={one.version}>
                <th scope="row" className="num text-text!">
                  {one.version}
                </th>
                <td className="min-w-44 break-words">
                  <Link className="link" prefetch={false} href={`/runs/${one.run.id}`}>
                    {one.run.name}
                  </Link>
                  <p className="text-muted">{one.run.freeze.label}</p>
                  {one.note && <p className="mt-0.5">{one.note}</p>}
                </td>
                <td>
                  <span className="flex max-w-48 flex-wrap gap-1">
                    {one.aliases.length === 0
                      ? '—'
                      : one.aliases.map((alias) => <AliasChip key={alias} name={alias} />)}
                  </span>
                </td>
                <td>
                  <Evaluations evaluations={one.evaluations} />
                </td>
                <td>
                  <Digest value={one.checkpointSha256} name={`digest of version ${one.version}`} />
                </td>
                <td>
                  <Ago instant={one.createdAt} />
                </td>
                <td>
                  <span className="flex justify-end gap-1">
                    <ExportMenu
                      runId={one.run.id}
                      trigger={
                        <Button small aria-label={`Download version ${one.version}`}>
                          <Download aria-hidden className="size-3.5" />
                        </Button>
                      }
                    />
                    {mayEdit && (
                      <Button
                        small
                        look="danger"
                        aria-label={`Delete version ${one.version}`}
                        onClick={() => setDeleting(one.version)}
                      >
                        <Trash2 aria-hidden className="size-3.5" />
                      </Button>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {deleting !== null && (
        <DeleteDialog
          model={model.name}
          version={deleting}
          onClose={() => setDeleting(null)}
          onDeleted={() => {
            setDeleting(null);
            reload();
          }}
        />
      )}
    </Card>
  );
}
