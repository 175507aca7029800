import { createHash } from 'node:crypto';

import type { FeatureRequest } from '../../../../experiments/training/features/featureCache.js';

/** Two rows, of one vector and of two, all of `width` numbers. */
export function sampleRequest(name = 'sample', width = 4): FeatureRequest {
  return {
    key: createHash('sha256').update(name).digest('hex'),
    counts: [1, 2],
    width,
    contents: { model: `model of ${name}`, boundary: 3, pooled: false, rows: 2, maxLength: 16 },
    fill(write) {
      write(1, rowOf(1, 2 * width)); // in any order
      write(0, rowOf(0, width));
      return Promise.resolve();
    },
  };
}

/** What `sampleRequest` computes for a row. */
export function rowOf(row: number, size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, index) => row * 1000 + index + 0.5);
}
