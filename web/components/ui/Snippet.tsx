'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

/** Puts text on the clipboard and shows for a moment that it is there. */
export function CopyButton({
  text,
  label,
  className = '',
}: {
  text: string;
  label: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={copied ? 'Copied' : label}
      title={copied ? 'Copied' : label}
      className={`inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text ${className}`}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <Icon aria-hidden className={`size-3.5 ${copied ? 'text-good' : ''}`} />
    </button>
  );
}

/** Code to copy, with what it is for. */
export function Snippet({ label, code }: { label: string; code: string }) {
  return (
    <figure className="w-full min-w-0 overflow-hidden rounded-md border border-line bg-sunken text-text">
      <figcaption className="flex items-center justify-between border-b border-line py-0.5 pr-1 pl-3 text-table text-muted">
        {label}
        <CopyButton text={code} label={`Copy: ${label}`} className="hover:bg-surface" />
      </figcaption>
      <pre tabIndex={0} className="p-3 font-mono text-table wrap-anywhere whitespace-pre-wrap">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
