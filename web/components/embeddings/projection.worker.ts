import { principalPlane } from '@/lib/projection/pca';
import { umapPlane } from '@/lib/projection/umap';

export type ProjectionMethod = 'pca' | 'umap';

export interface ProjectionRequest {
  id: number;
  method: ProjectionMethod;
  vectors: Float32Array;
  rows: number;
  width: number;
  seed: number;
}

export type ProjectionAnswer =
  { id: number; progress: number } | { id: number; points: Float64Array; explained: [number, number] | null };

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<ProjectionRequest>) => void) | null;
  postMessage(answer: ProjectionAnswer): void;
};

scope.onmessage = ({ data }) => {
  const { id, method, vectors, rows, width, seed } = data;
  if (method === 'pca') {
    scope.postMessage({ id, ...principalPlane(vectors, rows, width) });
    return;
  }
  const points = umapPlane(vectors, rows, width, seed, (progress) => scope.postMessage({ id, progress }));
  scope.postMessage({ id, points, explained: null });
};
