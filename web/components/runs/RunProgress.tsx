import { formatPercent } from '@/lib/format';

/** How far a run has come, as a bar. */
export function RunProgress({ fraction, className = 'w-24' }: { fraction: number; className?: string }) {
  const share = Math.min(1, Math.max(0, fraction));
  return (
    <span
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      title={formatPercent(share)}
      className={`inline-block h-1.5 overflow-hidden rounded-full bg-line ${className}`}
    >
      <span
        className="block h-full rounded-full bg-accent transition-[width] duration-500"
        style={{ width: `${share * 100}%` }}
      />
    </span>
  );
}
