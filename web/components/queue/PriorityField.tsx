'use client';

import { useEffect, useState } from 'react';
import { TextInput } from '@/components/ui/Field';

/** The priority of a run: taken on Enter, or when the field is left. */
export function PriorityField({
  name,
  value,
  onChange,
}: {
  name: string;
  value: number;
  onChange: (priority: number) => void;
}) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const commit = () => {
    const next = Number(text);
    if (text.trim() === '' || !Number.isInteger(next)) setText(String(value));
    else if (next !== value) onChange(next);
  };
  return (
    <TextInput
      type="number"
      min={-100}
      max={100}
      aria-label={`Priority of ${name}`}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setText(String(value));
      }}
      className="w-16 text-right text-table"
    />
  );
}
