import { RunSwatch } from '@/components/runs/RunSwatch';

/** Which colour and shape stand for what. */
export function ColourLegend({ kinds, mistakes }: { kinds: readonly string[]; mistakes: boolean }) {
  return (
    <ul aria-label="Colours" className="flex flex-wrap gap-x-4 gap-y-1 text-table">
      {kinds.map((kind, index) => (
        <li key={kind} className="flex items-center gap-1.5">
          {mistakes ? (
            <svg aria-hidden viewBox="0 0 12 12" className="size-3 shrink-0">
              {kind !== 'mistake' ? (
                <circle cx="6" cy="6" r="4.5" fill="var(--line-strong)" />
              ) : (
                <path d="M6 1L11.25 10.5H.75z" fill="var(--series-7)" />
              )}
            </svg>
          ) : (
            <RunSwatch slot={index} />
          )}
          {kind}
        </li>
      ))}
    </ul>
  );
}
