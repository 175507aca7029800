import {
  cloneElement,
  isValidElement,
  useId,
  type InputHTMLAttributes,
  type ReactElement,
  type ReactNode,
  type SelectHTMLAttributes,
} from 'react';

const box = 'min-w-0 rounded-md border border-line-strong bg-surface px-2 text-body disabled:opacity-50';

/** A named field of a form, with what is wrong about it. Hint and error describe it and are no part of its name. */
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
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const control =
    described !== '' && isValidElement(children)
      ? cloneElement(children as ReactElement<{ 'aria-describedby'?: string }>, {
          'aria-describedby': described,
        })
      : children;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-table font-medium">{label}</span>
        {control}
      </label>
      {hint !== undefined && (
        <span id={`${id}-hint`} className="text-axis text-muted">
          {hint}
        </span>
      )}
      {error && (
        <span id={`${id}-error`} className="text-table break-words text-bad">
          {error}
        </span>
      )}
    </div>
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
