import {
  cast,
  customGrad,
  gather,
  matMul,
  mul,
  reshape,
  step,
  sub,
  tensor2d,
  transpose,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

/**
 * What attention adds to its scores by the distance between two tokens (Raffel et al. 2020, arXiv:1910.10683, section 2.1).
 * @param table [buckets, heads]
 * @param distances [length·length] the bucket of each pair of positions
 * @returns [1, heads, length, length]
 */
export function distanceScores(table: Tensor, distances: Tensor, length: number): Tensor {
  const [buckets, heads] = table.shape as [number, number];
  return customGrad((...operands) => {
    const [input] = operands as unknown as [Tensor];
    const pairs = gather(input, distances as Tensor1D); // [length², heads]
    return {
      value: transpose(reshape(pairs, [1, length, length, heads]), [0, 3, 1, 2]),
      gradFunc: (dy: Tensor) => {
        const ofPairs = reshape(transpose(dy, [0, 2, 3, 1]), [length * length, heads]);
        // Adding up by bucket is a product with a matrix that has a one at each pair's bucket: 1 where the difference squared is 0.
        const difference = sub(
          reshape(cast(distances, 'float32'), [length * length, 1]),
          everyBucket(buckets),
        );
        const isBucket = sub(1, step(mul(difference, difference))); // [length², buckets]
        return matMul(isBucket, ofPairs, true, false);
      },
    };
  })(table);
}

function everyBucket(buckets: number): Tensor {
  return tensor2d(
    Float32Array.from({ length: buckets }, (_, bucket) => bucket),
    [1, buckets],
  );
}
