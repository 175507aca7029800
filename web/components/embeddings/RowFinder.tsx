'use client';

import { useState } from 'react';
import type { MapRow } from './map-option';

const MOST = 6;

/** Finds a sentence of the sample by a part of it: the map by keyboard. */
export function RowFinder({ rows, onPin }: { rows: readonly MapRow[]; onPin: (row: number) => void }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found =
    wanted === ''
      ? []
      : rows.flatMap((row, index) => (row.sentence.toLowerCase().includes(wanted) ? [index] : []));
  return (
    <div className="mb-3 flex flex-col gap-1 text-table">
      <input
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label="Find a sentence of the sample"
        placeholder="Find a sentence"
        className="h-8 rounded-md border border-line-strong bg-surface px-2"
      />
      {wanted !== '' && (
        <ul aria-label="Sentences found">
          {found.slice(0, MOST).map((row) => (
            <li key={row}>
              <button
                type="button"
                className="w-full truncate rounded px-1 py-0.5 text-left hover:bg-sunken"
                onClick={() => {
                  onPin(row);
                  setText('');
                }}
              >
                {rows[row]?.sentence}
              </button>
            </li>
          ))}
          <li className="px-1 text-muted">
            {found.length === 0
              ? 'No sentence of the sample has this.'
              : found.length > MOST && `and ${found.length - MOST} more`}
          </li>
        </ul>
      )}
    </div>
  );
}
