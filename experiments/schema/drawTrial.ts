import { RandomStream } from '../data/random.js';
import type { Distribution, RandomSweep } from './types.js';

/** Digits that a drawn number keeps: enough to search with, few enough to read, and the same on every machine's logarithms. */
const DIGITS = 6;

/** The settings of a trial (counted from 0), by their paths. A trial does not depend on how many there are. */
export function drawTrial({ settings, seed }: RandomSweep, trial: number): [path: string, value: unknown][] {
  return Object.entries(settings).map(([path, source]) => {
    const share = draw(new RandomStream(seed, `sweep/${path}`), trial);
    return [path, Array.isArray(source) ? source[Math.floor(share * source.length)] : place(source, share)];
  });
}

/** The value that lies at a share, 0 to 1, of a distribution. */
export function place({ distribution, min, max }: Distribution, share: number): number {
  switch (distribution) {
    case 'uniform':
      return within(rounded(min + share * (max - min)), min, max);
    case 'logUniform':
      return within(rounded(min * (max / min) ** share), min, max);
    case 'integer':
      return min + Math.floor(share * (max - min + 1));
  }
}

/** A number in [0, 1) of 53 random bits. */
function draw(stream: RandomStream, counter: number): number {
  const [high, low] = stream.bits(counter, 2);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
