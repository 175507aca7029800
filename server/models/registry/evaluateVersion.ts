import { badInput } from '../../../experiments/errors.js';
import { evaluateTask } from '../../../experiments/inference/evaluateTask.js';
import { type Definition } from '../../../experiments/schema/types.js';
import { type Dataset, type ModelEvaluation, type Split } from '../../db/generated/client.js';
import { type Database } from '../../db/database.js';
import { datasetReference } from '../../datasets/readDataset.js';
import { type EmbeddingService } from '../../embeddings/embeddingService.js';

export interface EvaluationDependencies {
  database: Database;
  embeddings: Pick<EmbeddingService, 'predict'>;
}

export interface VersionToEvaluate {
  id: string;
  version: number;
  runId: string;
}

/** How a version does on a task over the labelled rows of a split: from the database when it was computed before. */
export async function evaluateVersion(
  { database, embeddings }: EvaluationDependencies,
  { id: versionId, runId }: VersionToEvaluate,
  { dataset, split, task }: { dataset: Dataset; split: Split; task: string },
): Promise<ModelEvaluation> {
  const { prisma, pool } = database;
  const key = { versionId, datasetId: dataset.id, split, task };
  const known = await prisma.modelEvaluation.findUnique({ where: { versionId_datasetId_split_task: key } });
  if (known !== null) return known;

  const run = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
  const { tasks } = run.definition as unknown as Definition;
  const classes = tasks.find(({ name }) => name === task)?.classes;
  if (classes === undefined) throw badInput(`it was not trained for ${task}`);
  const { rows } = await pool.query<{ sentence: string; label: string }>(
    `SELECT sentence, labels ->> $3 AS label FROM dataset_row
     WHERE dataset_id = $1 AND split = $2::split AND labels ? $3 ORDER BY ordinal`,
    [dataset.id, split, task],
  );
  const evaluation = await evaluateTask({ name: task, classes }, rows, async (sentences) => {
    const { predictions } = await embeddings.predict({ run: runId, sentences });
    return predictions.map((prediction) => prediction[task]!.logits);
  });
  if (evaluation === null)
    throw badInput(`the split ${split} of ${datasetReference(dataset)} has no row labelled for ${task}`);
  const { labelled, accuracy, macroF1, loss } = evaluation;
  await prisma.modelEvaluation.createMany({
    data: [{ ...key, labelled, accuracy, macroF1, loss }],
    skipDuplicates: true,
  });
  return prisma.modelEvaluation.findUniqueOrThrow({ where: { versionId_datasetId_split_task: key } });
}
