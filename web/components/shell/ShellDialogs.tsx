'use client';

import { Keyboard, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { showShellDialog, useShellDialog, type ShellDialog } from '@/lib/shell-dialog';
import { isTyping } from '@/lib/typing';
import { destinations } from './navigation';

const loadPalette = () => import('./CommandPalette').then((module) => module.CommandPalette);

// Not among what a page needs to be drawn: the search is fetched when the page has nothing else to do, the keys when asked for.
const CommandPalette = dynamic(loadPalette, { ssr: false });
const ShortcutsDialog = dynamic(() => import('./ShortcutsDialog').then((module) => module.ShortcutsDialog), {
  ssr: false,
});

/** How long after a page began it may fetch what is not needed yet. */
const QUIET = 4000;
/** How long after "g" the letter of a page may come. */
const CHORD = 1000;

/** The keys that work on every page, and what they open. */
export function ShellDialogs() {
  const shown = useShellDialog();
  const [used, setUsed] = useState<ReadonlySet<ShellDialog>>(new Set());
  useEffect(() => {
    if (shown !== null) setUsed((before) => (before.has(shown) ? before : new Set(before).add(shown)));
  }, [shown]);
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), QUIET);
    return () => clearTimeout(timer);
  }, []);
  const router = useRouter();
  const chord = useRef(-CHORD);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        showShellDialog('search');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (event.key === '?') {
        event.preventDefault();
        showShellDialog('shortcuts');
      } else if (event.key === 'g') {
        chord.current = event.timeStamp;
      } else if (event.timeStamp - chord.current < CHORD) {
        chord.current = -CHORD;
        const page = destinations.find(({ key }) => key === event.key);
        if (page) router.push(page.href);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [router]);
  const onOpenChange = (dialog: ShellDialog) => (open: boolean) => showShellDialog(open ? dialog : null);
  return (
    <>
      {used.has('search') && (
        <CommandPalette open={shown === 'search'} onOpenChange={onOpenChange('search')} />
      )}
      {used.has('shortcuts') && (
        <ShortcutsDialog open={shown === 'shortcuts'} onOpenChange={onOpenChange('shortcuts')} />
      )}
    </>
  );
}

/** Opens the search over everything. */
export function SearchButton() {
  return (
    <button
      type="button"
      onClick={() => showShellDialog('search')}
      aria-keyshortcuts="Control+K Meta+K"
      title="Search"
      className="inline-flex h-8 w-8 items-center justify-center gap-2 rounded-md text-muted hover:bg-sunken hover:text-text lg:w-full lg:justify-start lg:border lg:border-line lg:px-2 lg:hover:border-line-strong"
    >
      <Search aria-hidden className="size-4" />
      <span className="sr-only lg:not-sr-only">Search</span>
      <kbd aria-hidden className="ml-auto hidden font-sans text-axis lg:inline">
        Ctrl K
      </kbd>
    </button>
  );
}

/** Opens the list of keys. */
export function ShortcutsButton() {
  return (
    <button
      type="button"
      aria-label="Keyboard shortcuts"
      aria-keyshortcuts="?"
      title="Keyboard shortcuts"
      onClick={() => showShellDialog('shortcuts')}
      className="hidden size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text lg:inline-flex"
    >
      <Keyboard aria-hidden className="size-4" />
    </button>
  );
}
