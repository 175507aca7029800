import { regimeMeanings, regimeNames, type Regime } from '@/lib/regime';

/** A freeze regime at a glance: filled all trains, half part of it, outline heads only, dashed nothing. */
export function RegimeGlyph({ regime }: { regime: Regime }) {
  const name = `${regimeNames[regime]}: ${regimeMeanings[regime]}`;
  return (
    <svg role="img" aria-label={name} viewBox="0 0 12 12" className="size-3.5 shrink-0">
      <title>{name}</title>
      <rect
        x="1"
        y="1"
        width="10"
        height="10"
        rx="1"
        fill={regime === 'full' ? 'var(--trainable)' : 'none'}
        stroke={regime === 'frozen' ? 'var(--frozen-mark)' : 'var(--trainable)'}
        strokeWidth="1.5"
        strokeDasharray={regime === 'frozen' ? '2 1.6' : undefined}
      />
      {regime === 'partial' && <path d="M1 1h5v10H1z" fill="var(--trainable)" />}
    </svg>
  );
}
