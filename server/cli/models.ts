import { Models, RegisterModel } from '../../client/index.js';
import { readConfig } from '../config.js';
import { connect, serverAddress } from './client/client.js';
import { layOut } from './client/comparisonTable.js';

/** `frostline models`: registered models with their versions and aliases. */
export async function models(options: { json?: boolean }): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  const { models: connection } = await client(Models, { first: 500 });
  const found = connection.edges.map(({ node }) => node);
  if (options.json) {
    for (const model of found) process.stdout.write(`${JSON.stringify(model)}\n`);
    return;
  }
  const rows = found.flatMap(({ versions }) =>
    versions.map(({ reference, aliases, run, note, createdAt }) => [
      reference,
      aliases.join(', '),
      run.id,
      run.name,
      createdAt.slice(0, 16).replace('T', ' '),
      note ?? '',
    ]),
  );
  process.stdout.write(`${layOut([['model', 'aliases', 'run', 'name', 'registered', 'note'], ...rows])}\n`);
}

export interface RegisterOptions {
  alias?: string;
  note?: string;
  description?: string;
  force?: string;
}

/** `frostline register`: gives a run's weights a version under a name, and an alias. */
export async function register(runId: string, name: string, options: RegisterOptions): Promise<void> {
  const { force, ...input } = options;
  const client = connect(serverAddress(readConfig()));
  const { registerModel } = await client(RegisterModel, {
    input: { name, runId, ...input, ...(force === undefined ? {} : { force: true, reason: force }) },
  });
  const { reference, aliases } = registerModel.version;
  process.stdout.write(`${[reference, ...aliases.map((alias) => `${name}@${alias}`)].join(' ')}\n`);
}
