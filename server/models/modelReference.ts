import { badInput } from '../../experiments/errors.js';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { findRuns, isRunId } from '../runs/runIds.js';

/** What a client means by the name of a model. */
export type ModelReference =
  | { kind: 'backbone'; model: string }
  | {
      kind: 'run';
      run: Run;
      /** The blob of the checkpoint that is meant; null: the finished weights. */
      checkpointSha256: string | null;
      /** How the registry calls it, such as `news@production`; null when the run was named by its id. */
      registered: string | null;
    };

/** Finds what a name stands for: a name or alias of the registry, the id of a run, or the id of a backbone. */
export type ResolveModelReference = (reference: string) => Promise<ModelReference>;

/** A registry of models: null for names that it does not have. */
export type LookUpModel = (
  name: string,
  alias: string | null,
) => Promise<{ runId: string; checkpointSha256: string | null } | null>;

/** Makes the resolver. Registered names come first, then runs; everything else is a backbone's id. */
export function openModelReferences(database: Database, lookUp: LookUpModel | null): ResolveModelReference {
  const ofRun = async (
    runId: string,
    checkpointSha256: string | null,
    registered: string | null,
  ): Promise<ModelReference> => {
    const [run] = await findRuns(database, [runId], 'model');
    return { kind: 'run', run: run!, checkpointSha256, registered };
  };
  return async (reference) => {
    if (isRunId(reference)) return ofRun(reference, null, null);
    const [name, ...rest] = reference.split('@');
    const alias = rest.length === 0 ? null : rest.join('@');
    const registered = await lookUp?.(name!, alias);
    if (registered) return ofRun(registered.runId, registered.checkpointSha256, reference);
    if (alias !== null) {
      const message = `model: expected the name or alias of a registered model, got ${JSON.stringify(reference)}`;
      throw badInput(message, { path: 'model' });
    }
    return { kind: 'backbone', model: reference };
  };
}
