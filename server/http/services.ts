import { TokenRegistry } from '../auth/tokenRegistry.js';
import { openBlobStore } from '../blobs/openBlobStore.js';
import { type Config } from '../config.js';
import { openDatabase } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { NotificationListener } from '../db/notifications.js';
import { createEmbeddingService } from '../embeddings/embeddingService.js';
import { type Services } from '../graphql/context.js';
import { openInferenceClient } from '../inference/inferenceClient.js';
import { IngestQueue } from '../ingest/ingestQueue.js';
import { LiveMetrics } from '../metrics/liveMetrics.js';
import { MetricKeeper } from '../metrics/metricKeeper.js';
import { openModelReferences } from '../models/modelReference.js';
import { openModelStore } from '../models/modelStore.js';
import { openPublishedModels } from '../models/publishedModels.js';
import { isPublic } from './hosts.js';
import { openVectorSearch } from '../vectors/vectorSearch.js';
import { ModelUsage } from '../models/registry/modelUsage.js';

/** Opens what the API works with, on a database that has been migrated. */
export async function openServices(
  url: string,
  config: Config,
  log: Logger,
): Promise<Services & { close(): Promise<void> }> {
  const database = openDatabase(url, {
    log,
    name: 'frostline server',
    statementSeconds: config.statementSeconds,
  });
  const blobs = await openBlobStore(config.blobs);
  const published = config.sharesBlobs ? openPublishedModels(database, blobs, config.cacheFolder) : null;
  const models = openModelStore(config, published);
  const inference = openInferenceClient(config, log);
  const resolveReference = openModelReferences(database);
  const usage = new ModelUsage(database.pool, log);
  const embeddings = createEmbeddingService({ database, inference, resolveReference, usage });
  const atHand = {
    models: models.atHand,
    embeddings: createEmbeddingService({
      database,
      inference,
      usage,
      async resolveReference(reference) {
        const found = await resolveReference(reference);
        if (found.kind === 'backbone') models.atHand.check(found.model);
        return found;
      },
    }),
  };
  const search = openVectorSearch(database, config);
  const notifications = new NotificationListener(url, log);
  await notifications.start();
  const tokens = await TokenRegistry.open(database.pool, notifications, {
    log,
    openToLocals: !isPublic(config),
  });
  const keeper = new MetricKeeper(database.pool, log);
  const ingest = new IngestQueue(database.pool, { onAppended: (series) => keeper.note(series) });
  const live = new LiveMetrics(database.pool, notifications, log);
  return {
    config,
    usage,
    database,
    models,
    blobs,
    embeddings,
    atHand,
    resolveReference,
    search,
    notifications,
    live,
    ingest,
    tokens,
    log,
    launchDefaults: { maxAttempts: config.maxAttempts },
    async close() {
      tokens.close();
      await ingest.close();
      await usage.close();
      await keeper.close();
      live.close();
      await inference.close();
      await search.close();
      await notifications.close();
      await database.close();
    },
  };
}
