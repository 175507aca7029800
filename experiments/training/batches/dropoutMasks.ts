import { RandomStream } from '../../data/random.js';
import { evaluateDimension } from '../../graph/symbols.js';
import { maskInput, type MaskSite } from '../../models/sentenceModel.js';
import { sizeOf } from '../../models/layout.js';
import type { TensorBuffer } from '../../runtime/runtime.js';
import { Arena, arenaBytes, type ArenaTensor } from '../optimizer/arena.js';
import type { BatchSizes } from './batchSizes.js';

/** Draws the dropout masks of a step. A mask depends on seed, site and step alone, so a resumed run draws the same ones. */
export class DropoutMasks {
  readonly #sites: { input: string; mask: MaskSite; key: Uint32Array }[];
  readonly #arena: Arena;
  /** Room for the masks of one step, end to end: which of them are large differs from batch to batch. */
  readonly #room: ArenaTensor;

  /** @param largest sizes at which all masks together are as large as those of any batch */
  constructor(sites: readonly MaskSite[], seed: number, largest: BatchSizes) {
    const numbers = sites.map(({ shape }) => paddedSize(shapeFor(shape, largest)) + blockSize);
    const room = [numbers.reduce((sum, count) => sum + count, 0)];
    this.#arena = new Arena(arenaBytes(room));
    this.#room = this.#arena.allocate(room);
    this.#sites = sites.map((mask) => {
      const input = maskInput(mask.site);
      return { input, mask, key: new RandomStream(seed, input).key };
    });
  }

  /** Masks for a batch: 0 where an element is dropped, 1 / (1 - rate) elsewhere. */
  draw(step: number, sizes: BatchSizes): Record<string, TensorBuffer> {
    const feeds: Record<string, TensorBuffer> = {};
    let start = 0;
    for (const { input, mask, key } of this.#sites) {
      const shape = shapeFor(mask.shape, sizes);
      const threshold = Math.round(mask.rate * 65536);
      const [low, high] = [step >>> 0, Math.floor(step / 2 ** 32)];
      const [key0, key1] = key as unknown as [number, number];
      const size = sizeOf(shape);
      this.#arena.kernels.dropoutMask(
        this.#room.pointer + start * Float32Array.BYTES_PER_ELEMENT,
        paddedSize(shape),
        key0,
        key1,
        low,
        high,
        threshold,
        1 / (1 - mask.rate),
      );
      feeds[input] = { data: this.#room.data.subarray(start, start + size), shape };
      start += paddedSize(shape);
    }
    return feeds;
  }
}

function shapeFor(shape: MaskSite['shape'], sizes: BatchSizes): number[] {
  return shape.map((dimension) => evaluateDimension(dimension, sizes));
}

/** Elements that the kernel writes at a time. */
const blockSize = 64;

function paddedSize(shape: readonly number[]): number {
  return Math.ceil(sizeOf(shape) / blockSize) * blockSize;
}
