'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, Select, TextInput } from '@/components/ui/Field';
import { ErrorState } from '@/components/ui/states';
import { useMoveAlias, type ModelDetail } from '@/lib/api/use-models';

/** Points an alias, new or not, to a version; against the gate only with a reason. */
export function MoveAliasDialog({
  model,
  alias,
  onClose,
  onMoved,
}: {
  model: ModelDetail;
  /** The alias to move; a new one is named when there is none. */
  alias: string | null;
  onClose: () => void;
  onMoved: () => void;
}) {
  const { perform, pending, error } = useMoveAlias();
  const current = model.aliases.find(({ name }) => name === alias)?.version;
  const [name, setName] = useState(alias ?? (model.aliases.length === 0 ? 'production' : ''));
  const [version, setVersion] = useState(
    String(model.versions.find((one) => one.version !== current)?.version ?? ''),
  );
  const [force, setForce] = useState(false);
  const [reason, setReason] = useState('');
  const refused = error?.code === 'CONFLICT' && model.gate !== null;
  return (
    <Dialog
      title={alias === null ? 'A new alias' : `Move ${alias}`}
      lead={`Whoever asks for ${model.name}@${name || '…'} gets the version it points to, from the next request on.`}
      open
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const input = {
            model: model.name,
            alias: name.trim(),
            version: Number(version),
            ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
            ...(force ? { force } : {}),
          };
          void perform({ input }).then((done) => done !== null && onMoved());
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {alias === null && (
            <Field label="Alias">
              <TextInput
                value={name}
                required
                autoFocus
                maxLength={100}
                placeholder="production"
                onChange={(event) => setName(event.target.value)}
              />
            </Field>
          )}
          <Field label="Version">
            <Select
              value={version}
              autoFocus={alias !== null}
              onChange={(event) => setVersion(event.target.value)}
            >
              {model.versions.map((one) => (
                <option key={one.version} value={one.version}>
                  {one.version}
                  {one.version === current ? ' (now)' : ''} · {one.run.name}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        {model.gate && (
          <p className="text-table text-muted">
            The gate compares {model.gate.metric} on the {model.gate.split.toLowerCase()} rows of{' '}
            {model.gate.dataset}; the first time that takes as long as evaluating both versions.
          </p>
        )}
        {error && <ErrorState error={error} />}
        {(refused || force) && (
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              className="accent-accent"
              checked={force}
              onChange={(event) => setForce(event.target.checked)}
            />
            Move it against the gate
          </label>
        )}
        <Field
          label={force ? 'Why, kept with the move' : 'Reason'}
          hint={force ? undefined : 'If there is something to say; kept with the move.'}
        >
          <TextInput
            value={reason}
            required={force}
            maxLength={2000}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            disabled={pending || name.trim() === '' || Number(version) === current}
          >
            {pending ? (model.gate ? 'Comparing…' : 'Moving…') : alias === null ? 'Set the alias' : 'Move'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
