'use client';

import { Dialog } from '@/components/ui/Dialog';

const groups: { title: string; keys: [string, string][] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl or ⌘ K', 'search runs, experiments, datasets, pages'],
      ['?', 'these shortcuts'],
      ['g o, g r, g c', 'overview, runs, compare'],
      ['g d, g f, g e', 'datasets, freeze, embeddings'],
      ['g m, g t, g s', 'models, tokens, settings'],
      ['Esc', 'close what is open'],
    ],
  },
  {
    title: 'Tables of runs',
    keys: [
      ['↑ ↓ ← →', 'move between cells'],
      ['Home, End', 'first and last cell of the row'],
      ['Ctrl Home, Ctrl End', 'first and last row'],
      ['Page ↑, Page ↓', 'a screen up and down'],
      ['Space', 'select the run'],
      ['Shift click', 'select all up to here'],
      ['Enter', 'open the run, sort by the column, open the group'],
    ],
  },
  {
    title: 'A run',
    keys: [['1 … 6', 'overview, evaluation, logs, system, attempts, definition']],
  },
  {
    title: 'The query',
    keys: [
      ['↓', 'what may be typed next'],
      ['Tab, Enter', 'take the completion, apply the query'],
    ],
  },
];

/** Every key that does something. */
export function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog wide title="Keyboard shortcuts" open={open} onOpenChange={onOpenChange}>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3 className="text-table font-medium">{title}</h3>
            <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-table">
              {keys.map(([key, does]) => (
                <div key={key} className="contents">
                  <dt>
                    <kbd className="rounded-sm border border-line bg-sunken px-1.5 py-px font-sans whitespace-nowrap">
                      {key}
                    </kbd>
                  </dt>
                  <dd className="text-muted">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
