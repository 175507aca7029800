import { CancelRun, PauseRun, ResumeRun, Queue } from '../../client/index.js';
import { readConfig } from '../config.js';
import { type Client, connect, serverAddress } from './client/client.js';
import { layOut } from './client/comparisonTable.js';

export interface QueueOptions {
  json?: boolean;
}

/** `frostline queue`: what workers are at, what waits in its order, and what is paused. */
export async function queue(options: QueueOptions): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  const { queue: connection } = await client(Queue, { first: 500 });
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

/** What may be asked of a run. */
const changes = {
  pauseRun: async (client: Client, id: string) => (await client(PauseRun, { id })).pauseRun,
  resumeRun: async (client: Client, id: string) => (await client(ResumeRun, { id })).resumeRun,
  cancelRun: async (client: Client, id: string) => (await client(CancelRun, { id })).cancelRun,
};

/** `frostline pause`, `resume` and `cancel`: asks for it, run by run, and says where each stands. */
export async function change(mutation: keyof typeof changes, ids: readonly string[]): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  for (const id of ids) {
    const { run } = await changes[mutation](client, id);
    process.stdout.write(`${run.name}: ${run.state.toLowerCase()}${run.paused ? ', paused' : ''}\n`);
  }
}

/** Minutes are as exact as estimates are. */
function clock(time: string | null): string {
  return time === null ? '—' : time.slice(0, 16).replace('T', ' ');
}
