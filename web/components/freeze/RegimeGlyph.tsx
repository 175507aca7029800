import { regimeMeanings, regimeNames, type Regime } from '@/lib/regime';

/** A freeze regime at a glance: filled all trains, half part of it, outline heads only, dashed nothing.
 * Without a colour of its own: colours belong to runs. */
export function RegimeGlyph({ regime }: { regime: Regime }) {
  const name = `${regimeNames[regime]}: ${regimeMeanings[regime]}`;
  return (
    <svg role="img" aria-label={name} viewBox="0 0 12 12" className="size-3.5 shrink-0 text-muted">
      <title>{name}</title>
      <rect
        x="1"
        y="1"
        width="10"
        height="10"
        rx="1"
        fill={regime === 'full' ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray={regime === 'frozen' ? '2 1.6' : undefined}
      />
      {regime === 'partial' && <path d="M1 1h5v10H1z" fill="currentColor" />}
    </svg>
  );
}
