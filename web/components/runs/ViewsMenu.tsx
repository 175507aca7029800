'use client';

import { Bookmark, Link2, Plus, Trash2 } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, TextInput } from '@/components/ui/Field';
import { ActionMenu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/ActionMenu';
import { viewParamNames } from '@/lib/runs/runs-view';
import { useSavedViews } from '@/lib/runs/saved-views';

const builtIn = [
  { name: 'All runs', search: '' },
  { name: 'Under way', search: 'state=QUEUED,RUNNING' },
  { name: 'Failed, newest first', search: 'state=FAILED' },
  { name: 'By freeze regime', search: 'group=regime' },
];

function searchOf(params: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of viewParamNames) {
    const value = params.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept.toString().replaceAll('%2C', ',');
}

/** Views of the table under names: some that everybody has, and those saved in this browser. The URL holds the one that is shown. */
export function ViewsMenu() {
  const { saved, save, remove } = useSavedViews();
  const params = useSearchParams();
  const router = useRouter();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const shown = searchOf(params);
  const open = (search: string) => router.push(search ? `/runs?${search}` : '/runs');
  const current = [...saved, ...builtIn].find((view) => view.search === shown);
  return (
    <>
      <ActionMenu
        align="start"
        trigger={
          <Button small className="max-w-48">
            <Bookmark aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate">{current?.name ?? 'Views'}</span>
          </Button>
        }
      >
        {builtIn.map((view) => (
          <MenuItem key={view.name} onSelect={() => open(view.search)}>
            {view.name}
          </MenuItem>
        ))}
        {saved.length > 0 && <MenuLabel>Saved in this browser</MenuLabel>}
        {saved.map((view) => (
          <MenuItem key={view.name} onSelect={() => open(view.search)}>
            {view.name}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem icon={Plus} onSelect={() => setNaming(true)}>
          Save this view…
        </MenuItem>
        <MenuItem icon={Link2} onSelect={() => void navigator.clipboard.writeText(location.href)}>
          Copy the link to this view
        </MenuItem>
        {current && saved.includes(current) && (
          <MenuItem icon={Trash2} danger onSelect={() => remove(current.name)}>
            Forget “{current.name}”
          </MenuItem>
        )}
      </ActionMenu>
      <Dialog
        title="Save this view"
        lead="Filter, order, grouping and columns, as the address has them; kept in this browser."
        open={naming}
        onOpenChange={setNaming}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            save({ name: name.trim(), search: shown });
            setNaming(false);
            setName('');
          }}
        >
          <Field
            label="Name"
            hint={
              saved.some((view) => view.name === name.trim()) ? 'Replaces the view of this name.' : undefined
            }
          >
            <TextInput value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
          </Field>
          <DialogActions>
            <Button onClick={() => setNaming(false)}>Cancel</Button>
            <Button look="primary" type="submit" disabled={name.trim() === ''}>
              Save
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}
