import { formatDelta, formatPoints, formatSeconds } from '@/lib/format';
import { higherIsBetter as directionOf, isDuration, isShare } from '@/lib/metrics';

function deltaText(metric: string, delta: number): string {
  if (isShare(metric)) return formatPoints(delta);
  if (!isDuration(metric) || delta === 0) return formatDelta(delta);
  return `${delta > 0 ? '+' : ''}${formatSeconds(delta)}`;
}

/** A difference to the baseline: signed, green for the better, red for the worse, grey where neither is better. */
export function Delta({
  metric,
  delta,
  higherIsBetter = directionOf(metric),
}: {
  metric: string;
  delta: number | null;
  /** Told by the metric's name where it is not given. */
  higherIsBetter?: boolean | null;
}) {
  if (delta === null || Number.isNaN(delta)) return null;
  const better = higherIsBetter === null || delta === 0 ? null : delta > 0 === higherIsBetter;
  const tone = better === null ? 'text-muted' : better ? 'text-good' : 'text-bad';
  return (
    <span
      className={`text-axis whitespace-nowrap ${tone}`}
      data-delta={better === null ? 'even' : better ? 'better' : 'worse'}
    >
      {delta !== 0 && (
        <svg aria-hidden viewBox="0 0 8 8" className="mr-0.5 inline size-1.5 align-baseline">
          <path d={delta > 0 ? 'M4 0.5L8 7.5H0z' : 'M4 7.5L0 0.5H8z'} fill="currentColor" />
        </svg>
      )}
      {deltaText(metric, delta)}
      {better !== null && <span className="sr-only">{better ? ' better' : ' worse'}</span>}
    </span>
  );
}
