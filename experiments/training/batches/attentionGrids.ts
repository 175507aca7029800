import { distanceBuckets } from '../../models/distanceBuckets.js';
import type { BackboneConfig } from '../../models/config.js';
import type { GridName } from '../../models/encoder.js';
import { gridFeed, type EncoderFeed, type GridCount } from '../../models/encoderInputs.js';
import type { PerGrid } from '../../models/ops/perGrid.js';
import type { TensorBuffer } from '../../runtime/runtime.js';

/** Some of a batch's sentences, side by side and padded to one length. */
export interface Grid {
  name: GridName;
  /** Places in the batch; none for a grid that stands for nothing, whose one row is all padding. */
  members: readonly number[];
  sentences: number;
  length: number;
}

/**
 * Distributes a batch's sentences among grids. Of two, the first takes the short sentences, as many as leave the fewest scores to
 * compute; where there is one sentence alone, the long one.
 * @param lengths tokens of each sentence
 * @param longest tokens of the longest, or more to pad all sentences to
 */
export function layGrids(lengths: readonly number[], count: GridCount, longest: number): PerGrid<Grid> {
  const all = lengths.map((_, sentence) => sentence);
  if (count === 1) return [{ name: 'all', members: all, sentences: lengths.length, length: longest }];
  const byLength = [...all].sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  let taken = 0;
  let fewest = Infinity;
  for (let short = 1; short < byLength.length; short++) {
    const scores = short * lengths[byLength[short - 1]!]! ** 2 + (byLength.length - short) * longest ** 2;
    if (scores < fewest) [taken, fewest] = [short, scores];
  }
  const short = byLength.slice(0, taken).sort((a, b) => a - b);
  const long = byLength.slice(taken).sort((a, b) => a - b);
  return [
    {
      name: 'short',
      members: short,
      sentences: Math.max(1, taken),
      length: taken === 0 ? 1 : lengths[byLength[taken - 1]!]!,
    },
    { name: 'long', members: long, sentences: long.length, length: longest },
  ];
}

/**
 * The gather indices between packed tokens' heads and the grids, laid end to end, and what else attention needs of each.
 * @param starts [sentences + 1] where each sentence's tokens begin
 */
export function gridFeeds(
  grids: readonly Grid[],
  starts: Int32Array,
  {
    attentionHeads: heads,
    distanceBuckets: buckets,
  }: Pick<BackboneConfig, 'attentionHeads' | 'distanceBuckets'>,
): Partial<Record<EncoderFeed, TensorBuffer>> {
  const packHeads = new Int32Array(starts.at(-1)! * heads);
  const feeds: Partial<Record<EncoderFeed, TensorBuffer>> = {
    packHeads: { data: packHeads, shape: [packHeads.length] },
  };
  let base = 0;
  for (const grid of grids) {
    const { name, members, sentences, length } = grid;
    const unpackHeads = new Int32Array(sentences * heads * length);
    members.forEach((member, row) => {
      const start = starts[member]!;
      const count = starts[member + 1]! - start;
      for (let position = 0; position < count; position++) {
        for (let head = 0; head < heads; head++) {
          const slot = (row * heads + head) * length + position;
          const packed = (start + position) * heads + head;
          unpackHeads[slot] = packed;
          packHeads[packed] = base + slot;
        }
      }
    });
    base += unpackHeads.length;
    feeds[gridFeed(name, 'unpackHeads')] = { data: unpackHeads, shape: [unpackHeads.length] };
    feeds[gridFeed(name, 'tokenMask')] = tokenMask(grid, starts);
    if (buckets === null) continue;
    const distances = distanceBuckets(length, buckets);
    feeds[gridFeed(name, 'distances')] = { data: distances, shape: [length * length] };
  }
  return feeds;
}

/** [sentences, length] 1 for tokens, 0 for padding. */
export function tokenMask(
  { members, sentences, length }: Pick<Grid, 'members' | 'sentences' | 'length'>,
  starts: Int32Array,
): TensorBuffer {
  const data = new Float32Array(sentences * length);
  members.forEach((member, row) => {
    const count = starts[member + 1]! - starts[member]!;
    data.fill(1, row * length, row * length + count);
  });
  return { data, shape: [sentences, length] };
}
