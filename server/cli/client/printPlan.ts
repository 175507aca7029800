import { PlanExperiment } from '../../../client/index.js';
import { badInput } from '../../../experiments/errors.js';
import { type Client } from './client.js';
import { layOut } from './comparisonTable.js';

/** Prints the runs that launching an experiment would come to; nothing is stored. */
export async function printPlan(
  client: Client,
  { definition, freezeConfigs }: { definition: object; freezeConfigs: string[] | null },
  source: string,
): Promise<void> {
  const { planExperiment } = await client(PlanExperiment, {
    input: { definition, freezeConfigs },
    first: 1000,
  });
  const { errors, count, newCount, runs } = planExperiment;
  for (const { message } of errors.slice(1)) process.stderr.write(`${source}: ${message}\n`);
  if (errors[0] !== undefined) throw badInput(errors[0].message, { source });
  const rows = runs.map(({ name, freeze, earlier }) => [
    name,
    freeze.label,
    `${(100 * freeze.trainableShare).toFixed(1)} %`,
    earlier === null ? 'new' : `${earlier.state.toLowerCase()} ${earlier.id}`,
  ]);
  process.stdout.write(`${layOut([['run', 'freezes', 'trainable', ''], ...rows])}\n\n`);
  process.stdout.write(`${count} ${count === 1 ? 'run' : 'runs'}, ${newCount} of them new\n`);
}
