'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, TextInput } from '@/components/ui/Field';
import { ErrorState } from '@/components/ui/states';
import type { ApiError } from '@/lib/api/errors';
import { plural } from '@/lib/format';

/** Tags as people type them: by commas. */
export function readTags(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
}

/** Puts tags on selected runs and takes them off. */
export function TagDialog({
  count,
  present,
  open,
  onOpenChange,
  pending,
  error,
  onApply,
}: {
  count: number;
  /** Tags that some of the selected runs have, as far as they were read. */
  present: readonly string[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  pending: boolean;
  error: ApiError | null;
  onApply: (changes: { add: string[]; remove: string[] }) => void;
}) {
  const [added, setAdded] = useState('');
  const [removed, setRemoved] = useState<readonly string[]>([]);
  const add = readTags(added);
  return (
    <Dialog title={`Tag ${plural(count, 'run')}`} open={open} onOpenChange={onOpenChange}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onApply({ add, remove: [...removed] });
        }}
      >
        <Field label="Add" hint="Several by commas. Tags that runs have already stay.">
          <TextInput
            value={added}
            onChange={(event) => setAdded(event.target.value)}
            placeholder="best, to check"
          />
        </Field>
        {present.length > 0 && (
          <fieldset>
            <legend className="text-table font-medium">Remove</legend>
            <div className="mt-1 flex max-h-40 flex-wrap gap-x-4 gap-y-1 overflow-auto">
              {present.map((tag) => (
                <label key={tag} className="flex min-w-0 items-center gap-1.5">
                  <input
                    type="checkbox"
                    className="accent-accent"
                    checked={removed.includes(tag)}
                    onChange={() =>
                      setRemoved(
                        removed.includes(tag) ? removed.filter((one) => one !== tag) : [...removed, tag],
                      )
                    }
                  />
                  <span className="break-all">{tag}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        {error && <ErrorState error={error} />}
        <DialogActions>
          <Button onClick={() => onOpenChange(false)}>Close</Button>
          <Button
            look="primary"
            type="submit"
            disabled={pending || (add.length === 0 && removed.length === 0)}
          >
            {pending ? 'Tagging…' : 'Apply'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
