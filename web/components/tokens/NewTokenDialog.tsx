'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, Select, TextInput } from '@/components/ui/Field';
import { CopyButton } from '@/components/ui/Snippet';
import { ErrorState } from '@/components/ui/states';
import { useCreateToken, type MadeToken } from '@/lib/api/use-tokens';
import type { Role } from '@/lib/generated/graphql';
import { roles } from './roles';

const DAY_MS = 86_400_000;
const lifetimes = [
  { days: 0, text: 'never' },
  { days: 7, text: 'in 7 days' },
  { days: 30, text: 'in 30 days' },
  { days: 90, text: 'in 90 days' },
  { days: 365, text: 'in a year' },
];

function Secret({ made, first, onClose }: { made: MadeToken; first: boolean; onClose: () => void }) {
  return (
    <>
      <p role="status" className="text-warn">
        This is the only time that it is shown. The server keeps its digest and cannot tell it again.
      </p>
      <div className="mt-3 flex items-center gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
        <code data-secret className="min-w-0 flex-1 font-mono text-table break-all">
          {made.secret}
        </code>
        <CopyButton text={made.secret} label="Copy the token" />
      </div>
      <p className="mt-3 text-muted">
        Programs send it as <code>Authorization: Bearer …</code>, commands read it from{' '}
        <code>FROSTLINE_TOKEN</code>, people paste it at <code>/sign-in</code>.
        {first && ' This browser is signed in with it; everybody else needs one from now on.'}
      </p>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      </DialogActions>
    </>
  );
}

/** Makes a token, and shows its secret once. */
export function NewTokenDialog({
  first,
  onClose,
  onMade,
}: {
  /** Whether it is the first of the server. */
  first: boolean;
  onClose: () => void;
  onMade: () => void;
}) {
  const { create, pending, error } = useCreateToken();
  // The list behind learns of it at once; this dialog goes on saying what it began with.
  const [isFirst] = useState(first);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(first ? 'ADMIN' : 'VIEWER');
  const [days, setDays] = useState(0);
  const [made, setMade] = useState<MadeToken | null>(null);
  const submit = async () => {
    const expiresAt = days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString();
    const result = await create({ name: name.trim(), role, expiresAt }, isFirst);
    if (!result) return;
    setMade(result);
    onMade();
  };
  return (
    <Dialog
      title={made ? `Token ${made.token.name}` : 'A new token'}
      open
      onOpenChange={(open) => !open && onClose()}
    >
      {made ? (
        <Secret made={made} first={isFirst} onClose={onClose} />
      ) : (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          {isFirst && (
            <p className="rounded-md bg-warn-soft px-3 py-2 text-warn">
              From the first token on nobody gets in without one, on this machine neither. It has to be an
              admin&apos;s.
            </p>
          )}
          <Field label="Name" hint="What or whom it is for.">
            <TextInput
              value={name}
              required
              autoFocus
              maxLength={200}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field label="Role" hint={`May ${roles.find((one) => one.role === role)?.may}.`}>
            <Select value={role} disabled={isFirst} onChange={(event) => setRole(event.target.value as Role)}>
              {roles.map((one) => (
                <option key={one.role} value={one.role}>
                  {one.name}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Expires">
            <Select value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {lifetimes.map((one) => (
                <option key={one.days} value={one.days}>
                  {one.text}
                </option>
              ))}
            </Select>
          </Field>
          {error && <ErrorState error={error} />}
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" disabled={pending || name.trim() === ''}>
              {pending ? 'Making it…' : 'Make the token'}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
