'use client';

import { useEffect, useRef } from 'react';
import type { Completions } from '@/lib/runs/use-query-check';

const kinds: Record<Completions['items'][number]['kind'], string> = {
  FIELD: 'field',
  OPERATOR: 'operator',
  VALUE: 'value',
  KEYWORD: 'word',
};

/** What may be typed next, under the field. */
export function QueryCompletions({
  id,
  items,
  active,
  onAccept,
  onPoint,
}: {
  id: string;
  items: Completions['items'];
  active: number;
  onAccept: (index: number) => void;
  onPoint: (index: number) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <ul
      ref={list}
      id={`${id}-list`}
      role="listbox"
      aria-label="Completions"
      className="absolute top-full left-0 z-30 mt-1 max-h-72 w-full max-w-lg overflow-auto rounded-lg border border-line bg-surface p-1 shadow-lg"
    >
      {items.map(({ text, kind }, index) => (
        <li
          key={text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          // Pressing must not take the focus, or the list would close before it is clicked.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onAccept(index)}
          onPointerMove={() => index !== active && onPoint(index)}
          className={`flex cursor-default items-baseline justify-between gap-3 rounded-md px-2 py-1 ${index === active ? 'bg-sunken' : ''}`}
        >
          <code className="min-w-0 font-mono text-table break-all">{text}</code>
          <span className="shrink-0 text-axis text-muted">{kinds[kind]}</span>
        </li>
      ))}
    </ul>
  );
}
