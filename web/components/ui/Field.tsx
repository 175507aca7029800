import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from 'react';

const box = 'min-w-0 rounded-md border border-line-strong bg-surface px-2 text-body disabled:opacity-50';

/** A named field of a form, with what is wrong about it. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null;
  children: ReactNode;
}) {
  return (
    <label className="flex min-w-0 flex-col gap-1">
      <span className="text-table font-medium">{label}</span>
      {children}
      {hint !== undefined && <span className="text-axis text-muted">{hint}</span>}
      {error && <span className="text-table text-bad">{error}</span>}
    </label>
  );
}

/** A line of text. */
export function TextInput({ className = '', ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input type="text" {...rest} className={`${box} h-8 ${className}`} />;
}

/** One of several. */
export function Select({ className = '', ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select {...rest} className={`${box} h-8 ${className}`} />;
}
