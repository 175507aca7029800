import { ArrowRight } from 'lucide-react';

/** A name that stands for a version. */
export function AliasChip({ name, version }: { name: string; version?: number }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1 rounded-full bg-accent-soft px-2 py-px text-axis text-accent">
      <span className="truncate font-medium">{name}</span>
      {version !== undefined && (
        <>
          <ArrowRight aria-label="points to" className="size-3 shrink-0" />
          {version}
        </>
      )}
    </span>
  );
}
