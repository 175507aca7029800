'use client';

import { FlipHorizontal2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';

/** Search over the names of a table; the URL follows a moment after the last key. */
export function TableSearch({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 200);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      className="h-7 w-40 rounded-md border border-line-strong bg-surface px-2 text-table"
    />
  );
}

/** Turns a table round. */
export function TransposeButton({ rows, onChange }: { rows: boolean; onChange: (rows: boolean) => void }) {
  return (
    <Button
      small
      aria-pressed={rows}
      title={rows ? 'Runs as columns' : 'Runs as rows'}
      onClick={() => onChange(!rows)}
    >
      <FlipHorizontal2 aria-hidden className="size-3.5" />
      Transpose
    </Button>
  );
}
