/** How every number, duration and instant of the dashboard is written. Missing is "—", not-a-number is "NaN". */

export const MISSING = '—';
const MINUS = '−';

type Maybe = number | null | undefined;

function special(value: Maybe): string | null {
  if (value === null || value === undefined) return MISSING;
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '∞';
  if (value === -Infinity) return `${MINUS}∞`;
  return null;
}

function withMinus(text: string): string {
  return text.replaceAll('-', MINUS);
}

/**
 * Four significant digits; scientific below 1e-3 and from 1e6; whole numbers stay whole.
 *
 * @example formatNumber(0.693147) // "0.6931"
 */
export function formatNumber(value: Maybe): string {
  const odd = special(value);
  if (odd !== null) return odd;
  const number = value as number;
  const size = Math.abs(number);
  if (number === 0) return '0';
  if (size < 1e-3 || size >= 1e6) {
    const [mantissa = '', exponent = ''] = number.toExponential(3).split('e');
    const short = mantissa.replace(/\.?0+$/, '');
    return withMinus(`${short}e${exponent.replace('+', '')}`);
  }
  if (Number.isInteger(number) || size >= 1000) return withMinus(Math.round(number).toLocaleString('en-US'));
  return withMinus(number.toPrecision(4));
}

/** A signed {@link formatNumber}: "+0.1200", "−0.0310", "±0". */
export function formatDelta(value: Maybe): string {
  const odd = special(value);
  if (odd !== null) return odd;
  const number = value as number;
  if (number === 0) return '±0';
  return number > 0 ? `+${formatNumber(number)}` : formatNumber(number);
}

/** Counts of things: "6", "9,999", "22.7M". */
export function formatCount(value: Maybe): string {
  const odd = special(value);
  if (odd !== null) return odd;
  const number = value as number;
  const units = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'K'],
  ] as const;
  for (const [limit, unit] of units) {
    if (Math.abs(number) < limit) continue;
    const scaled = number / (unit === 'K' ? 1e3 : limit);
    return `${scaled.toFixed(Math.abs(scaled) < 100 ? 1 : 0)}${unit}`;
  }
  return number.toLocaleString('en-US');
}

/** A share as a percentage: 0.9231 -> "92.31 %". */
export function formatPercent(share: Maybe): string {
  const odd = special(share);
  if (odd !== null) return odd;
  return withMinus(`${((share as number) * 100).toFixed(2)} %`);
}

/** A difference of two shares in percentage points: 0.012 -> "+1.20 pp". */
export function formatPoints(delta: Maybe): string {
  const odd = special(delta);
  if (odd !== null) return odd;
  const points = (delta as number) * 100;
  if (Math.abs(points) < 0.005) return '±0 pp';
  return withMinus(`${points > 0 ? '+' : ''}${points.toFixed(2)} pp`);
}

/** A standard deviation, in two digits; of shares in percentage points. */
export function formatDeviation(value: Maybe, share: boolean): string {
  const odd = special(value);
  if (odd !== null) return odd;
  const rounded = Number(((value as number) * (share ? 100 : 1)).toPrecision(2));
  return share ? `${rounded} pp` : String(rounded);
}

/** A duration: "840 ms", "42.1 s", "12m 05s", "3h 12m". */
export function formatSeconds(seconds: Maybe): string {
  const odd = special(seconds);
  if (odd !== null) return odd;
  const value = seconds as number;
  if (value < 0) return withMinus(`-${formatSeconds(-value)}`);
  if (value === 0) return '0 ms';
  if (value < 0.9995) return `${value < 0.01 ? (value * 1000).toPrecision(2) : Math.round(value * 1000)} ms`;
  if (value < 59.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`;
  const minutes = Math.round(value / 60);
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}

/** How many times longer or shorter: 0.052 -> "0.05×", 19.1 -> "19.1×". */
export function formatRatio(ratio: Maybe): string {
  const odd = special(ratio);
  if (odd !== null) return odd;
  const value = ratio as number;
  if (value < 0.01) return `${value.toPrecision(1)}×`;
  return `${value.toFixed(value < 10 ? 2 : 1)}×`;
}

/** Bytes in binary units: "86.8 MiB". */
export function formatBytes(bytes: Maybe): string {
  const odd = special(bytes);
  if (odd !== null) return odd;
  let value = bytes as number;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1024 || unit === 'GiB') return `${unit === 'B' ? value : value.toFixed(1)} ${unit}`;
    value /= 1024;
  }
  return MISSING;
}

/** How long ago, for people: "just now", "4 min ago", "3 h ago", "12 Mar 2026". */
export function formatAgo(instant: string | null | undefined, now: number): string {
  if (!instant) return MISSING;
  const then = Date.parse(instant);
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) {
    const days = Math.round(seconds / 86_400);
    return days === 1 ? 'yesterday' : `${days} days ago`;
  }
  return new Date(then).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** An instant in full, in the reader's time zone: "2026-03-12 14:03:22". */
export function formatInstant(instant: string | null | undefined): string {
  if (!instant) return MISSING;
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The first characters of a digest, enough to recognise it. */
export function shortDigest(digest: string | null | undefined, length = 12): string {
  return digest ? digest.slice(0, length) : MISSING;
}

/** "1 run", "5 runs". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
