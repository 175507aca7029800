'use client';

import { useId, type Ref } from 'react';
import { CopyButton } from '@/components/ui/Snippet';

/** The definition as text: what the form shows, the other way round. */
export function JsonEditor({
  text,
  fault,
  onChange,
  ref,
}: {
  text: string;
  /** Why it is no definition; null when it is. */
  fault: string | null;
  onChange: (text: string) => void;
  ref: Ref<HTMLTextAreaElement>;
}) {
  const id = useId();
  return (
    <section aria-labelledby={`${id}-title`} className="rounded-lg border border-line bg-surface">
      <div className="flex items-center justify-between px-4 pt-2 pb-1">
        <h2 id={`${id}-title`} className="text-heading font-semibold">
          JSON
        </h2>
        <CopyButton text={text} label="Copy the definition" />
      </div>
      <textarea
        ref={ref}
        aria-label="Definition as JSON"
        aria-invalid={fault !== null}
        aria-describedby={`${id}-fault`}
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        rows={Math.min(40, Math.max(14, text.split('\n').length + 1))}
        className="block w-full resize-y rounded-b-lg border-t border-line bg-sunken p-3 font-mono text-table focus-visible:-outline-offset-2"
      />
      <p
        id={`${id}-fault`}
        role="status"
        className={fault === null ? 'sr-only' : 'px-4 py-2 text-table text-bad'}
      >
        {fault === null ? '' : `No JSON yet: ${fault}. The form waits.`}
      </p>
    </section>
  );
}
