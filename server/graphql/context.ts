import { permits, type Viewer } from '../auth/roles.js';
import { type TokenRegistry } from '../auth/tokenRegistry.js';
import { type Config } from '../config.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { type NotificationListener } from '../db/notifications.js';
import { type EmbeddingService } from '../embeddings/embeddingService.js';
import { type IngestQueue } from '../ingest/ingestQueue.js';
import { type LiveMetrics } from '../metrics/liveMetrics.js';
import { type ResolveModelReference } from '../models/modelReference.js';
import { type ModelStore, type ViewerModels } from '../models/modelStore.js';
import { type VectorSearch } from '../vectors/vectorSearch.js';
import { type ModelUsage } from '../models/registry/modelUsage.js';
import { createLoaders, type Loaders } from './loaders.js';

/** What the resolvers work with; the same for all requests. */
export interface Services {
  config: Config;
  database: Database;
  blobs: BlobStore;
  models: ModelStore;
  embeddings: EmbeddingService;
  /** The same without what would have to be fetched. */
  atHand: { models: ViewerModels; embeddings: EmbeddingService };
  resolveReference: ResolveModelReference;
  search: VectorSearch;
  notifications: NotificationListener;
  live: LiveMetrics;
  ingest: IngestQueue;
  tokens: TokenRegistry;
  log: Logger;
  /** What launches that say nothing of it get. */
  launchDefaults: { maxAttempts: number };
  usage: ModelUsage;
}

/** The services as a viewer may use them: who may not edit cannot make the server fetch models either. */
export type ViewerServices = Omit<Services, 'models' | 'atHand'> & Services['atHand'];

export function servicesFor({ atHand, ...services }: Services, viewer: Viewer): ViewerServices {
  return permits(viewer, 'EDITOR') ? services : { ...services, ...atHand };
}

export interface Context extends ViewerServices {
  /** Who asks. */
  viewer: Viewer;
  loaders: Loaders;
  /** What the asking program calls itself. */
  client?: string;
  /** Fires when nobody waits for the answer any more. */
  signal?: AbortSignal;
}

/** A request's context. A subscription's executions share one, so that theirs must not remember what loaders read. */
export function createContext(
  services: Services,
  viewer: Viewer,
  { longLived = false, client, signal }: { longLived?: boolean; client?: string; signal?: AbortSignal } = {},
): Context {
  return {
    ...servicesFor(services, viewer),
    viewer,
    loaders: createLoaders(services.database, { cache: !longLived }),
    ...(client === undefined ? {} : { client }),
    ...(signal === undefined ? {} : { signal }),
  };
}
