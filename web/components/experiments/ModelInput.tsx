'use client';

import { useEffect, useId, useState } from 'react';
import { TextInput } from '@/components/ui/Field';

/** Models that people begin with; any other of their families is as good. */
const known = ['sentence-transformers/all-MiniLM-L6-v2', 'distilbert-base-uncased', 'bert-base-uncased'];

/** The id of a model, taken when it is complete: on Enter, or when the field is left. */
export function ModelInput({
  value,
  onCommit,
  ...rest
}: {
  value: string;
  onCommit: (value: string) => void;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string;
  'data-path'?: string;
}) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => {
    if (text.trim() !== value) onCommit(text.trim());
  };
  return (
    <>
      <TextInput
        {...rest}
        list={id}
        value={text}
        placeholder={known[0]}
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          // A choice from the list is complete.
          if (known.includes(event.target.value)) onCommit(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <datalist id={id}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
