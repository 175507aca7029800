'use client';

import { Search, X } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useQueryCheck, type Completions, type QueryComplaint } from '@/lib/runs/use-query-check';
import { QueryCompletions } from './QueryCompletions';

const SOON = 120;
const PAUSE = 700;

/** Words without an operator are what people type who look for a name. */
function asNameSearch(text: string): string | null {
  const words = text.trim();
  return words !== '' && !/[=<>~()]/.test(words) ? `name ~ ${JSON.stringify(words)}` : null;
}

/**
 * A condition in the query language, completed as it is typed. It is applied by Enter, by leaving the field and after a pause, once
 * the server takes it; until then its mistake is pointed at and the runs stay as they were.
 */
export function QueryBar({ value, onApply }: { value: string; onApply: (query: string) => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { check, complete } = useQueryCheck();
  const [text, setText] = useState(value);
  const [complaint, setComplaint] = useState<QueryComplaint | null>(null);
  const [completions, setCompletions] = useState<Completions | null>(null);
  const [active, setActive] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  const applied = useRef(value);
  const typed = useRef(value);
  const caretAfter = useRef<number | null>(null);

  useEffect(() => {
    if (value === applied.current) return;
    applied.current = value;
    typed.current = value;
    setText(value);
    setComplaint(null);
  }, [value]);

  // Before the next key: later it would move the caret away from what is being typed.
  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    input.current?.focus();
    input.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  }, [text]);

  const close = () => {
    setCompletions(null);
    setActive(-1);
  };
  const apply = async (query: string) => {
    const found = await check(query);
    // What was typed since is another question.
    if (query !== typed.current) return;
    setComplaint(found);
    if (found !== null || query.trim() === applied.current) return;
    applied.current = query.trim();
    onApply(query.trim());
  };
  const latest = useRef({ apply, complete });
  useEffect(() => {
    latest.current = { apply, complete };
  });

  // The list follows the caret, not the clock: every change of either asks anew.
  const [asked, setAsked] = useState<{ text: string; caret: number } | null>(null);
  useEffect(() => {
    if (asked === null) return;
    let stale = false;
    const timer = setTimeout(() => {
      void latest.current.complete(asked.text, asked.caret + 1).then((found) => {
        if (stale) return;
        setCompletions(found && found.items.length > 0 ? found : null);
        setActive(-1);
      });
    }, SOON);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [asked]);
  useEffect(() => {
    if (text === applied.current) return;
    const timer = setTimeout(() => void latest.current.apply(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);

  const change = (next: string, caret: number) => {
    typed.current = next;
    setText(next);
    setComplaint(null);
    setAsked({ text: next, caret });
  };
  const accept = (index: number) => {
    const item = completions?.items[index];
    if (!completions || !item) return;
    const open = item.text.endsWith('.') || item.text === '(';
    const next = `${text.slice(0, completions.from - 1)}${item.text}${open ? '' : ' '}${text.slice(completions.to - 1).trimStart()}`;
    const caret = completions.from - 1 + item.text.length + (open ? 0 : 1);
    close();
    caretAfter.current = caret;
    change(next, caret);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = completions?.items.length ?? 0;
    if (event.key === 'ArrowDown' && count === 0) {
      setAsked({ text, caret: input.current?.selectionStart ?? text.length });
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && count > 0) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + step + count + (active === -1 && step === -1 ? 1 : 0)) % count);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && active >= 0 && count > 0) {
      event.preventDefault();
      accept(active);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      close();
      setAsked(null);
      void apply(text);
    } else if (event.key === 'Escape' && count > 0) {
      event.stopPropagation();
      close();
    }
  };

  const search = complaint && asNameSearch(text);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="relative">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-muted" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Query"
          aria-expanded={completions !== null}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={complaint !== null}
          aria-describedby={complaint ? `${id}-complaint` : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder='metric.validation/topic/accuracy > 0.8 and freeze.regime = "head-only"'
          value={text}
          onChange={({ target }) => change(target.value, target.selectionStart ?? target.value.length)}
          onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
          onKeyDown={onKeyDown}
          onBlur={() => {
            close();
            setAsked(null);
            if (text.trim() !== applied.current) void apply(text);
          }}
          className={`h-8 w-full rounded-md border bg-surface pr-8 pl-8 font-mono text-table placeholder:text-muted ${complaint ? 'border-bad' : 'border-line-strong'}`}
        />
        {text !== '' && (
          <button
            type="button"
            aria-label="Clear the query"
            title="Clear"
            onClick={() => {
              change('', 0);
              setAsked(null);
              close();
              applied.current = '';
              onApply('');
            }}
            className="absolute top-1 right-1 inline-flex size-6 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        )}
        {complaint?.column != null && (
          <span
            aria-hidden
            className="pointer-events-none absolute inset-x-8 top-full h-2 overflow-hidden font-mono text-table whitespace-pre"
          >
            <span className="relative block" style={{ left: -scrolled }}>
              {/* The text before it, unseen, puts the mark under the column whatever the font. */}
              <span className="invisible">{text.slice(0, complaint.column - 1)}</span>
              <span
                data-column={complaint.column}
                className="absolute top-0.5 border-x-4 border-b-6 border-x-transparent border-b-bad"
              />
            </span>
          </span>
        )}
        {completions && (
          <QueryCompletions
            id={id}
            items={completions.items}
            active={active}
            onAccept={accept}
            onPoint={setActive}
          />
        )}
      </div>
      {complaint && (
        <p id={`${id}-complaint`} role="alert" className="pt-2 text-table text-bad">
          {complaint.column !== null && `Column ${complaint.column}: `}
          {complaint.message}
          {search && (
            <button type="button" className="link ml-2" onClick={() => change(search, search.length)}>
              Search for {search}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
