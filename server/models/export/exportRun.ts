import { type ExportFile } from '../../../experiments/models/formats/exportFile.js';
import { type ExportFormat } from '../../../experiments/models/formats/exportable.js';
import { exportFiles } from '../../../experiments/models/formats/exportFiles.js';
import { type Definition } from '../../../experiments/schema/types.js';
import { type BlobStore } from '../../blobs/blobStore.js';
import { type Config, productVersion } from '../../config.js';
import { type Database } from '../../db/database.js';
import { loadTrainedModel } from '../../embeddings/loadTrainedModel.js';
import { findRuns } from '../../runs/runIds.js';
import { readRunRecord } from '../../runs/runRecords.js';
import { type ModelStore } from '../modelStore.js';
import { runCard } from './runCard.js';

export interface ExportDependencies {
  config: Config;
  database: Database;
  models: ModelStore;
  blobs: BlobStore;
}

export interface RunExport {
  /** What to call it: letters, digits and dashes. */
  name: string;
  /** When what is in it was made. */
  madeAt: Date;
  /** Each made when it is asked for. */
  files: Generator<ExportFile>;
}

/**
 * A finished run's model as files that other programs open; see docs/models.md. Its frostline.json holds what `frostline verify` asks for.
 * @throws CONFLICT for a run without finished weights
 */
export async function exportRun(
  dependencies: ExportDependencies,
  id: string,
  formats: readonly ExportFormat[],
): Promise<RunExport> {
  const { config, database, blobs } = dependencies;
  const [run] = await findRuns(database, [id], 'run');
  const { definitionDigest, name, finishedAt, createdAt } = run!;
  const trained = await loadTrainedModel(dependencies, run!);
  const definition = run!.definition as unknown as Definition;
  const version = productVersion(config);
  const card = await runCard(database, run!, trained, version);
  const { model } = trained;
  const kept = await database.prisma.runRecord.findUnique({ where: { runId: run!.id } });
  const record = {
    frostline: version,
    definition,
    definitionDigest,
    datasetDigest: card.dataset.digest,
    backbone: {
      source: model.source,
      weightsSha256: model.weightsSha256,
      tokenizerSha256: model.tokenizerSha256,
      randomWeights: model.randomWeights,
    },
    launchedFrom: { definition: 'frostline.json', run: run!.id },
    ...(kept === null ? {} : { run: await readRunRecord(database, blobs, run!.id) }),
  };
  const slug = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return {
    name: `${slug || 'run'}-${run!.id.slice(0, 8)}`,
    madeAt: finishedAt ?? createdAt,
    files: exportFiles(trained, { record, formats, card }),
  };
}
