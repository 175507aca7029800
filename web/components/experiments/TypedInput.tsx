'use client';

import { useState, type InputHTMLAttributes } from 'react';
import { TextInput } from '@/components/ui/Field';

/**
 * A field over a value that is no text. What is typed stays as it is typed for as long as it means the value, so that 1e-5 does not become
 * 0.00001 under one's fingers.
 */
export function TypedInput<Value>({
  value,
  read,
  print,
  onChange,
  ...rest
}: {
  value: Value;
  read: (text: string) => Value;
  print: (value: Value) => string;
  onChange: (value: Value) => void;
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'>) {
  const [text, setText] = useState(() => print(value));
  const shown = JSON.stringify(read(text)) === JSON.stringify(value) ? text : print(value);
  return (
    <TextInput
      {...rest}
      value={shown}
      onChange={(event) => {
        setText(event.target.value);
        onChange(read(event.target.value));
      }}
    />
  );
}
