import { datasetDigest } from '../../experiments/data/digest.js';
import { type Definition } from '../../experiments/schema/types.js';
import { type Verification, verify } from '../../experiments/training/verify.js';
import { readRunRecord } from '../runs/runRecords.js';
import { loadRunRequest } from './runRequest.js';
import type { TaskHooks } from './runTask.js';
import { type TrainRunDependencies } from './trainRun.js';

/** Runs a finished run again and compares it with its record, step by step. */
export async function verifyRun(
  dependencies: TrainRunDependencies,
  runId: string,
  { signal, progress, log }: TaskHooks,
): Promise<Verification> {
  const { database, blobs, machine } = dependencies;
  const run = await database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  const record = await readRunRecord(database, blobs, runId);
  const kept = await database.prisma.checkpoint.findMany({ where: { runId, kind: 'final' } });
  // Reading checks the digest: weights that are not what was stored are nothing to vouch for.
  for (const { sha256 } of kept) await blobs.get(sha256);
  const definition = run.definition as unknown as Definition;
  const request = await loadRunRequest(dependencies, definition, { runId, signal, log });
  // The rows as they are now, whatever digest is stored beside them.
  const dataset = {
    ...request.dataset,
    digest: datasetDigest(request.dataset.rows, request.dataset.splitting),
  };
  const recorded = record.history.losses.length;
  return verify(
    record,
    {
      ...request,
      dataset,
      onEvent: (event) =>
        event.type === 'step' ? progress({ done: event.step, total: recorded }) : undefined,
    },
    machine,
  );
}
