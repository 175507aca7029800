import { advise, type Advice } from '../../experiments/advice/advise.js';
import { type AdviceInput } from '../runs/advice.js';
import { loadRunRequest } from './runRequest.js';
import type { TaskHooks } from './runTask.js';
import { type TrainRunDependencies } from './trainRun.js';

/** Says what freezing at each boundary promises and costs on this worker's device. */
export async function adviseDefinition(
  dependencies: TrainRunDependencies,
  { definition, steps }: AdviceInput,
  { signal, progress, log }: TaskHooks,
): Promise<Advice> {
  const request = await loadRunRequest(dependencies, definition, { runId: null, signal, log });
  return advise({
    ...request,
    ...(steps === null ? {} : { steps }),
    signal,
    onNotice: (message) => log('warn', message),
    // Nothing waits for it: a report that comes late finds the task over and is left out.
    onProgress: ({ label, ...counts }) => void progress({ ...counts, doing: label }),
  });
}
