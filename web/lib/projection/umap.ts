import { UMAP } from 'umap-js';

/** Neighbours each point is held near to. */
const NEIGHBOURS = 15;

/** Numbers between 0 and 1 that are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Places vectors in a plane by UMAP; says now and then which share of the work is done. */
export function umapPlane(
  vectors: Float32Array,
  rows: number,
  width: number,
  seed: number,
  onProgress: (share: number) => void,
): Float64Array {
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.max(2, Math.min(NEIGHBOURS, rows - 1)),
    minDist: 0.1,
    random: randomFrom(seed),
  });
  const data = Array.from({ length: rows }, (_, row) =>
    Array.from(vectors.subarray(row * width, (row + 1) * width)),
  );
  const epochs = umap.initializeFit(data);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    umap.step();
    if (epoch % 10 === 0) onProgress(epoch / epochs);
  }
  return Float64Array.from(umap.getEmbedding().flat());
}
