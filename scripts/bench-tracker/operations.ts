import { type Client } from './client.js';

export const LOG = 'mutation ($input: LogMetricsInput!) { logMetrics(input: $input) { stored } }';
export const START =
  'mutation ($input: StartExternalRunInput!) { startExternalRun(input: $input) { run { id } } }';
export const HISTORY = `query ($runIds: [ID!]!, $names: [String!]!) {
  metricHistory(runIds: $runIds, names: $names, maxPoints: 1000) {
    runId name count buckets { step time last min max count }
  }
}`;

export interface HistoryAnswer {
  metricHistory: { runId: string; count: number; buckets: { count: number }[] }[];
}

/** Begins a run and returns its id. */
export async function startRun(client: Client, input: object = {}): Promise<string> {
  const { startExternalRun } = await client.query<{ startExternalRun: { run: { id: string } } }>(START, {
    input: { name: 'bench', experiment: 'bench', ...input },
  });
  return startExternalRun.run.id;
}

/** A loss that falls and jitters, as floats of 64 bits; and times that jitter by milliseconds. */
export function curve(from: number, count: number): { steps: number[]; values: number[]; times: number[] } {
  const steps = Array.from({ length: count }, (_, index) => from + index);
  return {
    steps,
    values: steps.map((step) => Math.exp(-step / 2e5) + 0.05 * Math.random()),
    times: steps.map((step) => 1.7e12 + 100 * step + Math.floor(20 * Math.random())),
  };
}

/** Logs a curve in batches of 10,000 points over four connections, in order of steps a series. */
export async function logCurves(
  client: Client,
  curves: readonly { runId: string; name: string; points: number }[],
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < curves.length; index = next++) {
      const { runId, name, points } = curves[index]!;
      for (let from = 0; from < points; from += 10_000) {
        const series = [{ name, ...curve(from, Math.min(10_000, points - from)) }];
        await client.query(LOG, { input: { runId, key: `${name} ${from}`, series } });
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
}
