import { type ExportFormat } from '../../../experiments/models/formats/exportable.js';
import { type Definition } from '../../../experiments/schema/types.js';
import { type BlobStore } from '../../blobs/blobStore.js';
import { type Config, productVersion } from '../../config.js';
import { type Database } from '../../db/database.js';
import { describeTrainedModel } from '../../embeddings/loadTrainedModel.js';
import { findRuns } from '../../runs/runIds.js';
import { readRunRecord } from '../../runs/runRecords.js';
import { type ExportJob } from './exportJob.js';
import { runCard } from './runCard.js';

/**
 * Says what the archive of a finished run is made of. Its frostline.json holds what `frostline verify` asks for.
 * @throws CONFLICT for a run without finished weights
 */
export async function describeExport(
  { config, database, blobs }: { config: Config; database: Database; blobs: BlobStore },
  id: string,
  formats: readonly ExportFormat[],
): Promise<ExportJob> {
  const [found] = await findRuns(database, [id], 'run');
  const run = found!;
  const source = await describeTrainedModel(database, run);
  const version = productVersion(config);
  const card = await runCard(database, run, version);
  const provenance = run.provenance as Record<string, unknown>;
  const kept = await database.prisma.runRecord.findUnique({ where: { runId: run.id } });
  const record = {
    frostline: version,
    definition: run.definition as unknown as Definition,
    definitionDigest: run.definitionDigest,
    datasetDigest: card.dataset.digest,
    backbone: {
      source: provenance.backboneSource,
      weightsSha256: provenance.backboneSha256,
      tokenizerSha256: provenance.tokenizerSha256,
      randomWeights: provenance.randomWeights,
    },
    launchedFrom: { definition: 'frostline.json', run: run.id },
    ...(kept === null ? {} : { run: await readRunRecord(database, blobs, run.id) }),
  };
  const words = run.name.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-');
  const slug = words.replace(/^-+|-+$/g, '').slice(0, 60) || 'run';
  const madeAt = run.finishedAt ?? run.createdAt;
  return { source, name: `${slug}-${run.id.slice(0, 8)}`, madeAt, formats, record, card };
}
