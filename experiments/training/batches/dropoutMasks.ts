import { RandomStream } from '../../data/random.js';
import { evaluateDimension } from '../../graph/symbols.js';
import { maskInput, type MaskSite } from '../../models/sentenceModel.js';
import { sizeOf } from '../../models/layout.js';
import type { TensorBuffer } from '../../runtime/runtime.js';
import { Arena, arenaBytes, type ArenaTensor } from '../optimizer/arena.js';

/** The sizes that a batch gives to the symbols of a program. */
export type BatchSizes = Record<'tokens' | 'sentences' | 'length', number>;

/** Draws the dropout masks of a step. A mask depends on seed, site and step alone, so a resumed run draws the same ones. */
export class DropoutMasks {
  readonly #sites: { input: string; mask: MaskSite; key: Uint32Array; room: ArenaTensor }[];
  readonly #arena: Arena;

  /** @param largest the largest sizes that any batch has; memory for the masks is laid out once. */
  constructor(sites: readonly MaskSite[], seed: number, largest: BatchSizes) {
    const rooms = sites.map(({ shape }) => [paddedSize(shapeFor(shape, largest))]);
    this.#arena = new Arena(rooms.reduce((bytes, room) => bytes + arenaBytes(room), 0));
    this.#sites = sites.map((mask, index) => {
      const input = maskInput(mask.site);
      const { key } = new RandomStream(seed, input);
      return { input, mask, key, room: this.#arena.allocate(rooms[index] as number[]) };
    });
  }

  /** Masks for a batch: 0 where an element is dropped, 1 / (1 - rate) elsewhere. */
  draw(step: number, sizes: BatchSizes): Record<string, TensorBuffer> {
    const feeds: Record<string, TensorBuffer> = {};
    for (const { input, mask, key, room } of this.#sites) {
      const shape = shapeFor(mask.shape, sizes);
      const threshold = Math.round(mask.rate * 65536);
      const [low, high] = [step >>> 0, Math.floor(step / 2 ** 32)];
      const [key0, key1] = key as unknown as [number, number];
      const size = sizeOf(shape);
      this.#arena.kernels.dropoutMask(
        room.pointer,
        paddedSize(shape),
        key0,
        key1,
        low,
        high,
        threshold,
        1 / (1 - mask.rate),
      );
      feeds[input] = { data: room.data.subarray(0, size), shape };
    }
    return feeds;
  }
}

function shapeFor(shape: MaskSite['shape'], sizes: BatchSizes): number[] {
  return shape.map((dimension) => evaluateDimension(dimension, sizes));
}

/** The kernel writes 32 elements at a time. */
function paddedSize(shape: readonly number[]): number {
  return Math.ceil(sizeOf(shape) / 32) * 32;
}
