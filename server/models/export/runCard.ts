import { type ModelCard } from '../../../experiments/models/formats/exportable.js';
import { type FreezeSummary } from '../../../experiments/freeze/plan.js';
import { type Definition } from '../../../experiments/schema/types.js';
import { inputDigests } from '../../../experiments/training/trainingCard.js';
import { type Run } from '../../db/generated/client.js';
import { type Database } from '../../db/database.js';
import { readSummaries } from '../../metrics/summaries.js';

/** What the model card of a run on the server tells. */
export async function runCard({ prisma, pool }: Database, run: Run, version: string): Promise<ModelCard> {
  const definition = run.definition as unknown as Definition;
  const { backboneSha256 = '', tokenizerSha256 = '' } = run.provenance as Record<string, string | undefined>;
  const dataset = await prisma.dataset.findUniqueOrThrow({ where: { id: run.datasetId! } });
  const splits = await prisma.datasetRow.groupBy({
    by: ['split'],
    where: { datasetId: dataset.id },
    _count: true,
    orderBy: { split: 'asc' },
  });
  const summaries = (await readSummaries(pool, [run.id])).get(run.id)!;
  const metrics = summaries
    .filter(
      ({ name, last }) =>
        /^(validation|epoch)\//.test(name) && !/^epoch\/(seconds|lossSum)$/.test(name) && last !== null,
    )
    .sort((a, b) => Number(b.name.startsWith('validation/')) - Number(a.name.startsWith('validation/')))
    .map(({ name, last }) => ({ name, value: last! }));
  return {
    name: run.name,
    freeze: {
      label: (run.freeze as unknown as FreezeSummary).label,
      rules: definition.freeze,
      trainableParameters: run.trainableParameters,
      totalParameters: run.totalParameters,
    },
    dataset: {
      name: definition.dataset,
      digest: dataset.digest,
      rows: Object.fromEntries(splits.map(({ split, _count }) => [split, _count])),
    },
    training: definition.training,
    metrics,
    digests: inputDigests(run.definitionDigest, dataset.digest, {
      weightsSha256: backboneSha256,
      tokenizerSha256,
    }),
    version,
  };
}
