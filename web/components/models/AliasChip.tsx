/** A name that stands for a version. */
export function AliasChip({ name, version }: { name: string; version?: number }) {
  return (
    <span className="inline-flex max-w-full items-baseline gap-1 rounded-full bg-accent-soft px-2 py-px text-axis text-accent">
      <span className="truncate font-medium">{name}</span>
      {version !== undefined && <span>→ {version}</span>}
    </span>
  );
}
