'use client';

import { ArrowRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { CopyButton } from '@/components/ui/Snippet';
import { Ago } from '@/components/ui/Values';
import { useRemoveAlias, type ModelDetail } from '@/lib/api/use-models';
import { MoveAliasDialog } from './MoveAliasDialog';

function RemoveDialog({
  model,
  alias,
  onClose,
  onRemoved,
}: {
  model: string;
  alias: string;
  onClose: () => void;
  onRemoved: () => void;
}) {
  const { perform, pending, error } = useRemoveAlias();
  return (
    <ConfirmDialog
      open
      title={`Take ${alias} away?`}
      keep="Keep it"
      confirm="Take it away"
      pending={pending}
      pendingText="Taking it away…"
      error={error}
      onOpenChange={(open) => !open && onClose()}
      onConfirm={() => void perform({ input: { model, alias } }).then((done) => done !== null && onRemoved())}
    >
      Programs that ask for {model}@{alias} get an error from then on. Its history stays.
    </ConfirmDialog>
  );
}

/** The aliases of a model: where each points to, since when, and the way to move it. */
export function AliasesCard({
  model,
  mayEdit,
  reload,
}: {
  model: ModelDetail;
  mayEdit: boolean;
  reload: () => void;
}) {
  const [moving, setMoving] = useState<{ alias: string | null } | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  return (
    <Card
      title="Aliases"
      actions={
        mayEdit && (
          <Button small onClick={() => setMoving({ alias: null })}>
            <Plus aria-hidden className="size-3.5" />
            New alias
          </Button>
        )
      }
    >
      {model.aliases.length === 0 ? (
        <p className="text-muted">
          None yet: {model.name} stands for its newest version. An alias keeps programs on a version until it
          is moved.
        </p>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {model.aliases.map(({ name, version, movedAt }) => (
            <li
              key={name}
              data-alias={name}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5"
            >
              <span className="flex min-w-0 items-center gap-1.5">
                <code className="min-w-0 font-mono break-all">
                  {model.name}@{name}
                </code>
                <CopyButton text={`${model.name}@${name}`} label={`Copy ${model.name}@${name}`} />
                <ArrowRight aria-label="points to" className="size-3.5 shrink-0 text-muted" />
                <span className="font-semibold whitespace-nowrap">version {version}</span>
              </span>
              <span className="flex items-center gap-2">
                <span className="text-table text-muted">
                  since <Ago instant={movedAt} />
                </span>
                {mayEdit && (
                  <>
                    <Button
                      small
                      disabled={model.versions.length < 2}
                      aria-label={`Move ${name}`}
                      onClick={() => setMoving({ alias: name })}
                    >
                      Move
                    </Button>
                    <Button
                      small
                      look="danger"
                      aria-label={`Remove ${name}`}
                      onClick={() => setRemoving(name)}
                    >
                      Remove
                    </Button>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {moving && (
        <MoveAliasDialog
          model={model}
          alias={moving.alias}
          onClose={() => setMoving(null)}
          onMoved={() => {
            setMoving(null);
            reload();
          }}
        />
      )}
      {removing !== null && (
        <RemoveDialog
          model={model.name}
          alias={removing}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setRemoving(null);
            reload();
          }}
        />
      )}
    </Card>
  );
}
