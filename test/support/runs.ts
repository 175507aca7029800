import assert from 'node:assert/strict';
import { type RunState } from '../../server/db/generated/client.js';
import { type TestServer } from './server.js';
import { until } from './until.js';

/** Creates an experiment of this definition and launches it; returns the ids of its runs. */
export async function launchRuns(server: TestServer, name: string, definition: object): Promise<string[]> {
  const created = await server.query(
    'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
    { input: { name, definition } },
  );
  assert.equal(created.errors, undefined);
  const { data } = await server.query<{ launchExperiment: { runs: { id: string }[] } }>(
    'mutation ($input: LaunchExperimentInput!) { launchExperiment(input: $input) { runs { id } } }',
    { input: { experiment: name } },
  );
  return data.launchExperiment.runs.map(({ id }) => id);
}

/** Waits until a run is in this state; ends with an error when it is over in another. */
export async function waitForRun(server: TestServer, id: string, wanted: RunState): Promise<void> {
  await until(async () => {
    const run = await server.database.prisma.run.findUniqueOrThrow({ where: { id } });
    if (run.state !== wanted && ['FINISHED', 'FAILED', 'CANCELLED'].includes(run.state)) {
      assert.fail(`${run.state}: ${run.errorMessage}`);
    }
    return run.state === wanted;
  });
}

/** Launches one run and waits until it has finished. */
export async function finishedRun(server: TestServer, name: string, definition: object): Promise<string> {
  const [id] = await launchRuns(server, name, definition);
  await waitForRun(server, id!, 'FINISHED');
  return id!;
}
