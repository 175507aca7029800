'use client';

import { Pencil, Plus, X } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { readTags } from '@/components/runs/TagDialog';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useTagRuns, type RunDetail } from '@/lib/api/use-run';

/** Reading Markdown takes a library that no other page needs. */
const Markdown = dynamic(() => import('@/components/ui/Markdown').then((module) => module.Markdown), {
  ssr: false,
  loading: () => <Skeleton className="h-5 w-2/3" />,
});

function Tags({ run }: { run: RunDetail }) {
  const { perform, pending, error } = useTagRuns();
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState('');
  const submit = async () => {
    const add = readTags(text);
    if (add.length > 0 && !(await perform({ input: { ids: [run.id], add } }))) return;
    setText('');
    setAdding(false);
  };
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label="Tags" className="flex flex-wrap items-center gap-1.5">
        {run.tags.map((tag) => (
          <li
            key={tag}
            className="inline-flex max-w-full items-center gap-1 rounded-full border border-line bg-sunken py-0.5 pr-1 pl-2.5 text-table"
          >
            <span className="min-w-0 break-all">{tag}</span>
            <button
              type="button"
              aria-label={`Remove the tag ${tag}`}
              disabled={pending}
              onClick={() => void perform({ input: { ids: [run.id], remove: [tag] } })}
              className="inline-flex size-5 shrink-0 items-center justify-center rounded-full text-muted hover:bg-line hover:text-text"
            >
              <X aria-hidden className="size-3" />
            </button>
          </li>
        ))}
        <li>
          {adding ? (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                void submit();
              }}
            >
              <input
                type="text"
                autoFocus
                aria-label="New tags, by commas"
                placeholder="best, to check"
                value={text}
                onChange={(event) => setText(event.target.value)}
                onKeyDown={(event) => event.key === 'Escape' && setAdding(false)}
                onBlur={() => void submit()}
                className="h-7 w-40 rounded-full border border-line-strong bg-surface px-2.5 text-table"
              />
            </form>
          ) : (
            <Button small look="ghost" onClick={() => setAdding(true)}>
              <Plus aria-hidden className="size-3.5" />
              Tag
            </Button>
          )}
        </li>
      </ul>
      {error && <ErrorState error={error} />}
    </div>
  );
}

function NoteEditor({ run, onDone }: { run: RunDetail; onDone: () => void }) {
  const { perform, pending, error } = useTagRuns();
  const [text, setText] = useState(run.note ?? '');
  const [preview, setPreview] = useState(false);
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void perform({ input: { ids: [run.id], note: text } }).then((done) => done && onDone());
      }}
    >
      {preview ? (
        <div className="min-h-24 rounded-md border border-line p-2">
          <Markdown text={text} />
        </div>
      ) : (
        <textarea
          autoFocus
          aria-label="Note, in Markdown"
          rows={6}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onDone();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
              event.currentTarget.form?.requestSubmit();
          }}
          placeholder="What was tried and what came out. **Markdown** works."
          className="w-full rounded-md border border-line-strong bg-surface p-2 font-mono text-table"
        />
      )}
      {error && <ErrorState error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button small look="primary" type="submit" disabled={pending}>
          {pending ? 'Saving…' : 'Save'}
        </Button>
        <Button small onClick={onDone}>
          Cancel
        </Button>
        <Button small look="ghost" aria-pressed={preview} onClick={() => setPreview(!preview)}>
          {preview ? 'Write' : 'Preview'}
        </Button>
      </div>
    </form>
  );
}

/** Tags and the note that people wrote about the run. */
export function RunNotes({ run }: { run: RunDetail }) {
  const [editing, setEditing] = useState(false);
  return (
    <Card
      title="Notes"
      note={<Tags run={run} />}
      actions={
        !editing && (
          <Button small look="ghost" onClick={() => setEditing(true)}>
            <Pencil aria-hidden className="size-3.5" />
            {run.note ? 'Edit the note' : 'Write a note'}
          </Button>
        )
      }
    >
      {editing ? (
        <NoteEditor run={run} onDone={() => setEditing(false)} />
      ) : (
        run.note && <Markdown text={run.note} />
      )}
    </Card>
  );
}
