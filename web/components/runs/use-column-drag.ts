'use client';

import { useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';

/** How far a heading is pulled before it moves: less is a click. */
const SLACK = 6;

/** A column on its way, and the gap between the others that it would come to: 0 is before the first. */
interface Drag {
  id: string;
  gap: number;
}

/**
 * Moves columns by dragging their headings, which are the elements with `data-heading` in the row that gets `handlers`. Fingers scroll
 * instead; Escape leaves the columns as they were.
 */
export function useColumnDrag(onMove: (id: string, gap: number) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const start = useRef<{ id: string; x: number } | null>(null);
  // The click that ends a drag is none.
  const moved = useRef(false);
  const stop = () => {
    start.current = null;
    setDrag(null);
  };
  const handlers = {
    onPointerDown({ target, button, pointerType, clientX }: PointerEvent<HTMLElement>) {
      moved.current = false;
      if (button !== 0 || pointerType === 'touch') return;
      if ((target as Element).closest('[role="separator"]')) return;
      const id = (target as Element).closest<HTMLElement>('[data-heading]')?.dataset.heading;
      if (id !== undefined) start.current = { id, x: clientX };
    },
    onPointerMove({ currentTarget, pointerId, clientX }: PointerEvent<HTMLElement>) {
      const from = start.current;
      if (from === null || (!moved.current && Math.abs(clientX - from.x) < SLACK)) return;
      if (!moved.current) currentTarget.setPointerCapture(pointerId);
      moved.current = true;
      const headings = [...currentTarget.querySelectorAll<HTMLElement>('[data-heading]')];
      const gap = headings.filter((heading) => {
        const { left, width } = heading.getBoundingClientRect();
        return left + width / 2 < clientX;
      }).length;
      setDrag((before) => (before?.id === from.id && before.gap === gap ? before : { id: from.id, gap }));
    },
    onPointerUp() {
      if (drag !== null) onMove(drag.id, drag.gap);
      stop();
    },
    onPointerCancel: stop,
    onKeyDown(event: KeyboardEvent) {
      if (event.key === 'Escape' && drag !== null) stop();
    },
    onClickCapture(event: MouseEvent) {
      if (!moved.current) return;
      moved.current = false;
      event.stopPropagation();
    },
  };
  return { drag, handlers };
}
