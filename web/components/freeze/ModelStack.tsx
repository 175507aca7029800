'use client';

import { ArrowUp, Lock, LockOpen } from 'lucide-react';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { formatCount } from '@/lib/format';
import type { ModelPart } from '@/lib/freeze';

function stateText(part: ModelPart): string {
  if (part.frozen === 1) return 'frozen';
  if (part.frozen === 0) return 'trains';
  return `${Math.min(99, Math.max(1, Math.round(part.frozen * 100)))} % frozen`;
}

const nameOf = (part: ModelPart): string => (part.kind === 'head' ? `Head: ${part.label}` : part.label);

/** Length of a part's bar: its parameters beside those of the largest part. */
function widthOf(part: ModelPart, largest: number): number {
  return part.parameters === null || largest === 0 ? 100 : Math.max(1.5, (100 * part.parameters) / largest);
}

/**
 * The model as it stands, its input at the bottom: a click freezes a part or lets it train, dragging does so to every part that is
 * crossed, Shift takes all in between. By keyboard: arrows move, Space acts, Shift with an arrow takes the next one along.
 */
export function ModelStack({
  parts,
  onFreeze,
}: {
  parts: readonly ModelPart[];
  /** `together`: part of the act before. */
  onFreeze: (keys: readonly string[], frozen: boolean, together: boolean) => void;
}) {
  const rows = [...parts].reverse();
  const largest = Math.max(0, ...parts.map(({ parameters }) => parameters ?? 0));
  const [active, setActive] = useState<string | null>(null);
  // What the last act was, which dragging and Shift go on with.
  const act = useRef<{ key: string; frozen: boolean } | null>(null);
  const dragging = useRef(false);
  const list = useRef<HTMLDivElement>(null);
  const focused = rows.some(({ key }) => key === active) ? active : rows[0]?.key;

  const freeze = (key: string, frozen: boolean, together: boolean) => {
    act.current = { key, frozen };
    setActive(key);
    onFreeze([key], frozen, together);
  };
  const toggle = (part: ModelPart, range: boolean) => {
    const before = act.current;
    if (!range || before === null) return freeze(part.key, part.frozen !== 1, false);
    const [from, to] = [before.key, part.key].map((key) => rows.findIndex((row) => row.key === key));
    const between = rows.slice(Math.min(from!, to!), Math.max(from!, to!) + 1);
    act.current = { key: part.key, frozen: before.frozen };
    setActive(part.key);
    onFreeze(
      between.map(({ key }) => key),
      before.frozen,
      false,
    );
  };
  const onPointerDown = (part: ModelPart, event: PointerEvent) => {
    // A finger scrolls: there the click that follows acts.
    if (event.pointerType !== 'mouse' || event.button !== 0) return;
    dragging.current = true;
    const release = () => {
      dragging.current = false;
      removeEventListener('pointerup', release);
    };
    addEventListener('pointerup', release);
    toggle(part, event.shiftKey);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex(({ key }) => key === focused);
    const steps: Record<string, number> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      Home: 0,
      End: rows.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const part = rows[Math.min(rows.length - 1, Math.max(0, next))]!;
    if (event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))
      freeze(part.key, act.current?.frozen ?? true, act.current !== null);
    setActive(part.key);
    list.current?.querySelector<HTMLElement>(`[data-part="${CSS.escape(part.key)}"]`)?.focus();
  };

  return (
    <div
      ref={list}
      role="toolbar"
      aria-label="Parts of the model, from the heads down to the input"
      aria-orientation="vertical"
      onKeyDown={onKeyDown}
      className="flex flex-col gap-1 select-none"
    >
      {rows.map((part, index) => (
        <div key={part.key}>
          {index > 0 && part.kind !== 'head' && rows[index - 1]!.kind === 'head' && (
            <ArrowUp aria-hidden className="mx-auto my-0.5 size-4 text-muted" />
          )}
          <button
            type="button"
            data-part={part.key}
            tabIndex={part.key === focused ? 0 : -1}
            aria-pressed={part.frozen === 1 ? true : part.frozen === 0 ? false : 'mixed'}
            onFocus={() => setActive(part.key)}
            onPointerDown={(event) => onPointerDown(part, event)}
            onPointerEnter={() => {
              if (dragging.current && act.current && act.current.key !== part.key)
                freeze(part.key, act.current.frozen, true);
            }}
            // Where the pointer has acted already, the click that follows says nothing more.
            onClick={(event) => {
              const pointer = (event.nativeEvent as globalThis.PointerEvent).pointerType;
              if (pointer !== 'mouse' || event.detail === 0) toggle(part, event.shiftKey);
            }}
            className={`grid w-full grid-cols-[1rem_7.5rem_minmax(0,1fr)_4.5rem] items-center gap-2 rounded-md border px-2 py-1.5 text-left text-table hover:border-line-strong sm:grid-cols-[1rem_9rem_minmax(0,1fr)_4rem_6rem] ${part.frozen === 1 ? 'border-line bg-sunken' : 'border-line bg-surface'}`}
          >
            {part.frozen === 1 ? (
              <Lock aria-hidden className="size-3.5 text-frozen-mark" />
            ) : (
              <LockOpen aria-hidden className="size-3.5 text-muted" />
            )}
            <span className="truncate font-medium">{nameOf(part)}</span>
            <span aria-hidden className="h-3">
              <span
                className="flex h-full min-w-1.5 overflow-hidden rounded-sm"
                style={{ width: `${widthOf(part, largest)}%` }}
              >
                <span className="hatched" style={{ width: `${part.frozen * 100}%` }} />
                <span className="flex-1 bg-trainable" />
              </span>
            </span>
            <span className="text-right">
              {part.parameters === null ? '' : formatCount(part.parameters)}
              {part.parameters !== null && <span className="sr-only"> parameters</span>}
            </span>
            <span className="hidden text-right text-muted sm:inline">{stateText(part)}</span>
          </button>
        </div>
      ))}
    </div>
  );
}
