import { type Viewer } from '../auth/roles.js';
import { type TokenRegistry } from '../auth/tokenRegistry.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';
import { type NotificationListener } from '../db/notifications.js';
import { type EmbeddingService } from '../embeddings/embeddingService.js';
import { type IngestQueue } from '../ingest/ingestQueue.js';
import { type LiveMetrics } from '../metrics/liveMetrics.js';
import { type ResolveModelReference } from '../models/modelReference.js';
import { type ModelStore } from '../models/modelStore.js';
import { type VectorSearch } from '../vectors/vectorSearch.js';
import { createLoaders, type Loaders } from './loaders.js';

/** What the resolvers work with; the same for all requests. */
export interface Services {
  database: Database;
  blobs: BlobStore;
  models: ModelStore;
  embeddings: EmbeddingService;
  resolveReference: ResolveModelReference;
  search: VectorSearch;
  notifications: NotificationListener;
  live: LiveMetrics;
  ingest: IngestQueue;
  tokens: TokenRegistry;
  /** What launches that say nothing of it get. */
  launchDefaults: { maxAttempts: number };
}

export interface Context extends Services {
  /** Who asks. */
  viewer: Viewer;
  loaders: Loaders;
  /** Fires when nobody waits for the answer any more. */
  signal?: AbortSignal;
}

/** A request's context. A subscription's executions share one, so that theirs must not remember what loaders read. */
export function createContext(
  services: Services,
  viewer: Viewer,
  { longLived = false, signal }: { longLived?: boolean; signal?: AbortSignal } = {},
): Context {
  return {
    ...services,
    viewer,
    loaders: createLoaders(services.database, { cache: !longLived }),
    ...(signal === undefined ? {} : { signal }),
  };
}
