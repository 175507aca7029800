'use client';

import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';

const tool =
  'inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text disabled:opacity-40';

/** One chart over the whole window; the arrow keys step to the charts beside it. */
export function FullChart({
  titles,
  current,
  onChange,
  children,
}: {
  titles: readonly string[];
  /** Which is shown; null for none. */
  current: number | null;
  onChange: (next: number | null) => void;
  children: ReactNode;
}) {
  const at = current ?? 0;
  const step = (by: number) => onChange(Math.min(titles.length - 1, Math.max(0, at + by)));
  return (
    <Dialog.Root open={current !== null} onOpenChange={(open) => !open && onChange(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-2 z-50 flex flex-col gap-2 overflow-auto rounded-lg border border-line bg-canvas p-3 sm:inset-6"
          onKeyDown={(event) => {
            if (event.key === 'ArrowLeft') step(-1);
            else if (event.key === 'ArrowRight') step(1);
          }}
        >
          <div className="flex items-center justify-between gap-3">
            <Dialog.Title className="min-w-0 truncate text-heading font-semibold">
              {titles[at]}
              <span className="ml-2 text-table font-normal text-muted">
                chart {at + 1} of {titles.length}
              </span>
            </Dialog.Title>
            <span className="flex items-center">
              <button
                type="button"
                className={tool}
                aria-label="The chart before"
                disabled={at === 0}
                onClick={() => step(-1)}
              >
                <ChevronLeft aria-hidden className="size-4" />
              </button>
              <button
                type="button"
                className={tool}
                aria-label="The next chart"
                disabled={at === titles.length - 1}
                onClick={() => step(1)}
              >
                <ChevronRight aria-hidden className="size-4" />
              </button>
              <Dialog.Close aria-label="Close" className={tool}>
                <X aria-hidden className="size-4" />
              </Dialog.Close>
            </span>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
