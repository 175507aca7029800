import { badInput } from '../../experiments/errors.js';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { findRuns, isRunId } from '../runs/runIds.js';
import { resolveModelReference } from './registry/resolveModelReference.js';

/** What a client means by the name of a model. */
export type ModelReference =
  | { kind: 'backbone'; model: string }
  | {
      kind: 'run';
      run: Run;
      /** The blob of the checkpoint that is meant; null: the finished weights. */
      checkpointSha256: string | null;
      /** The version of the registry that was named, and how, such as `news@production`; null when the run was named by its id. */
      registered: { name: string; versionId: string } | null;
    };

/** Finds what a name stands for: a name or alias of the registry, the id of a run, or the id of a backbone. */
export type ResolveModelReference = (reference: string) => Promise<ModelReference>;

/** Makes the resolver. Registered names come first, then runs; everything else is a backbone's id. */
export function openModelReferences(database: Database): ResolveModelReference {
  return async (reference) => {
    if (isRunId(reference)) {
      const [run] = await findRuns(database, [reference], 'model');
      return { kind: 'run', run: run!, checkpointSha256: null, registered: null };
    }
    const version = await resolveModelReference(database, reference);
    if (version !== null) {
      const { runId, checkpointSha256, versionId } = version;
      const [run] = await findRuns(database, [runId], 'model');
      return { kind: 'run', run: run!, checkpointSha256, registered: { name: reference, versionId } };
    }
    if (reference.includes('@')) {
      const message = `model: expected the name or alias of a registered model, got ${JSON.stringify(reference)}`;
      throw badInput(message, { path: 'model' });
    }
    return { kind: 'backbone', model: reference };
  };
}
