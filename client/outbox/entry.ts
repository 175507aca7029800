import type {
  FinishRunMutationVariables,
  StartExternalRunMutationVariables,
} from '../generated/operations.js';
import type { Series } from '../series.js';

/** What a program says of its run. Each can be said again without changing anything. */
export type Entry =
  | { kind: 'start'; run: string; input: StartExternalRunMutationVariables['input'] & { key: string } }
  | { kind: 'log'; run: string; runId: string | null; key: string; series: Series[] }
  | {
      kind: 'finish';
      run: string;
      runId: string | null;
      input: Omit<FinishRunMutationVariables['input'], 'runId'>;
    };

/** `sent`: the server has it on disk. `kept`: it is on this disk, and goes to the server when one answers. */
export type Delivery = 'sent' | 'kept';
