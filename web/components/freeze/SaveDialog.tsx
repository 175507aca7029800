'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, TextInput } from '@/components/ui/Field';
import { ErrorState } from '@/components/ui/states';
import { useCreateFreezeConfig, useUpdateFreezeConfig } from '@/lib/api/use-freeze-configs';
import type { FreezeConfig } from '@/lib/api/use-library';
import type { WrittenRules } from '@/lib/freeze-design';

/** Gives a design a name, or makes it the next version of the configuration that it began with. */
export function SaveDialog({
  rules,
  configs,
  editing,
  onClose,
  onSaved,
}: {
  rules: WrittenRules;
  configs: readonly FreezeConfig[];
  /** The configuration that is being changed; null: a new one. */
  editing: FreezeConfig | null;
  onClose: () => void;
  onSaved: (config: FreezeConfig) => void;
}) {
  const [name, setName] = useState(editing?.name ?? '');
  const [description, setDescription] = useState(editing?.description ?? '');
  const create = useCreateFreezeConfig();
  const update = useUpdateFreezeConfig();
  const trimmed = name.trim();
  const known = configs.find((config) => config.name === trimmed) ?? null;
  const error = create.error ?? update.error;
  const save = async () => {
    const words = { description: description.trim() };
    const config =
      known !== null
        ? (await update.perform({ input: { name: trimmed, ...words, rules, basedOn: known.version } }))
            ?.updateFreezeConfig.freezeConfig
        : (
            await create.perform({
              input: { name: trimmed, rules, ...(words.description === '' ? {} : words) },
            })
          )?.createFreezeConfig.freezeConfig;
    if (config) onSaved(config);
  };
  return (
    <Dialog
      open
      title="Save the freeze configuration"
      lead="Experiments train one run for each configuration. A version never changes once it is saved."
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field
          label="Name"
          hint={
            known
              ? `There is one called so: this will be its version ${known.version + 1}. Its ${known.runCount} runs keep theirs.`
              : 'Runs are named after it.'
          }
        >
          <TextInput
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label="What it is for">
          <TextInput
            maxLength={2000}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Field>
        <p className="font-mono text-axis break-all text-muted">{JSON.stringify(rules)}</p>
        {error && <ErrorState error={error} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={trimmed === '' || create.pending || update.pending}>
            {known ? `Save as version ${known.version + 1}` : 'Save'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
