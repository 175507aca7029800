'use client';

import Link from 'next/link';
import { useId, useState } from 'react';
import { AsButton, Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, TextInput } from '@/components/ui/Field';
import { ErrorState } from '@/components/ui/states';
import { useModelNames, useRegisterModel } from '@/lib/api/use-models';

/** Gives a finished run's weights a version under a model's name. */
export function RegisterDialog({
  run,
  onClose,
  onRegistered,
}: {
  run: { id: string; name: string };
  onClose: () => void;
  onRegistered: () => void;
}) {
  const id = useId();
  const models = useModelNames();
  const { perform, pending, error } = useRegisterModel();
  const [name, setName] = useState('');
  const [alias, setAlias] = useState('');
  const [note, setNote] = useState('');
  const [reference, setReference] = useState<string | null>(null);
  const known = models.find((model) => model.name === name.trim());
  const submit = async () => {
    const input = {
      runId: run.id,
      name: name.trim(),
      ...(alias.trim() === '' ? {} : { alias: alias.trim() }),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    };
    const result = await perform({ input });
    if (!result) return;
    setReference(result.registerModel.version.reference);
    onRegistered();
  };
  if (reference !== null)
    return (
      <Dialog title="Registered" open onOpenChange={(open) => !open && onClose()}>
        <p role="status">
          {run.name} is <strong className="font-semibold">{reference}</strong> from now on, and cannot be
          deleted while it is.
        </p>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <AsButton look="primary">
            <Link href={`/models/${encodeURIComponent(name.trim())}`}>Open {name.trim()}</Link>
          </AsButton>
        </DialogActions>
      </Dialog>
    );
  return (
    <Dialog
      title={`Register ${run.name}`}
      lead="Its finished weights become a version of a model, which programs ask for by name."
      open
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field
          label="Model"
          hint={known ? 'It becomes the next version.' : 'Letters, digits, “.”, “_” and “-”; new or not.'}
        >
          <TextInput
            list={`${id}-models`}
            value={name}
            required
            autoFocus
            maxLength={100}
            placeholder="news"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label="Alias"
          hint="To point here, such as production; none when empty. A gate may refuse that."
        >
          <TextInput
            list={`${id}-aliases`}
            value={alias}
            maxLength={100}
            onChange={(event) => setAlias(event.target.value)}
          />
        </Field>
        <Field label="Note">
          <TextInput value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
        </Field>
        <datalist id={`${id}-models`}>
          {models.map((model) => (
            <option key={model.id} value={model.name} />
          ))}
        </datalist>
        <datalist id={`${id}-aliases`}>
          {known?.aliases.map((one) => (
            <option key={one.name} value={one.name} />
          ))}
        </datalist>
        {error && <ErrorState error={error} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={pending || name.trim() === ''}>
            {pending ? 'Registering…' : 'Register'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
