import { readConfig } from '../config.js';
import { connect, serverAddress } from './client/client.js';
import { layOut } from './client/comparisonTable.js';

export interface QueueOptions {
  json?: boolean;
}

interface Entry {
  id: string;
  kind: string;
  status: string;
  position: number | null;
  priority: number;
  run: { id: string; name: string } | null;
  worker: { name: string } | null;
  device: string | null;
  estimatedStartAt: string | null;
  estimatedEndAt: string | null;
}

/** `frostline queue`: what workers are at, what waits in its order, and what is paused. */
export async function queue(options: QueueOptions): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  const { queue: connection } = await client<{ queue: { totalCount: number; edges: { node: Entry }[] } }>(
    `{ queue(first: 500) { totalCount edges { node {
         id kind status position priority run { id name } worker { name } device estimatedStartAt estimatedEndAt
       } } } }`,
  );
  const entries = connection.edges.map(({ node }) => node);
  if (options.json) {
    for (const entry of entries) process.stdout.write(`${JSON.stringify(entry)}\n`);
    return;
  }
  const rows = entries.map((entry) => [
    entry.run?.id ?? entry.id,
    entry.run?.name ?? '—',
    entry.kind.toLowerCase(),
    entry.position === null ? entry.status.toLowerCase() : `${entry.position}`,
    String(entry.priority),
    entry.worker?.name ?? '—',
    clock(entry.status === 'RUNNING' ? null : entry.estimatedStartAt),
    clock(entry.estimatedEndAt),
  ]);
  const head = ['run', 'name', 'work', 'place', 'priority', 'worker', 'begins', 'ends'];
  process.stdout.write(`${layOut([head, ...rows])}\n`);
  const hidden = connection.totalCount - entries.length;
  if (hidden > 0) process.stdout.write(`and ${hidden} more\n`);
}

/** `frostline pause`, `resume` and `cancel`: asks for it, run by run, and says where each stands. */
export async function change(
  mutation: 'pauseRun' | 'resumeRun' | 'cancelRun',
  ids: readonly string[],
): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  for (const id of ids) {
    const { [mutation]: payload } = await client<
      Record<string, { run: { name: string; state: string; paused: boolean } }>
    >(`mutation ($id: ID!) { ${mutation}(input: { id: $id }) { run { name state paused } } }`, { id });
    const { name, state, paused } = payload!.run;
    process.stdout.write(`${name}: ${state.toLowerCase()}${paused ? ', paused' : ''}\n`);
  }
}

/** Minutes are as exact as estimates are. */
function clock(time: string | null): string {
  return time === null ? '—' : time.slice(0, 16).replace('T', ' ');
}
