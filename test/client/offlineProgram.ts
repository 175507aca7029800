import { FrostlineClient } from '../../client/index.js';

/** A program that trains while no server answers, and is killed before one does. */
const { port, buffer } = JSON.parse(process.argv[2]!) as { port: number; buffer: string };
const client = new FrostlineClient({ url: `http://127.0.0.1:${port}`, buffer });
const run = await client.startRun({ name: 'offline', experiment: 'outage', settings: { lr: 1 } });
await run.log({ loss: 1 });
await run.log({ loss: NaN });
const first = await run.flush();
await run.log({ loss: -Infinity });
await run.log({ loss: 4 });
const second = await run.flush();
const end = await run.finish({ state: 'FAILED', error: 'out of memory' });
process.stdout.write(`${first} ${second} ${end}\n`, () => process.kill(process.pid, 'SIGKILL'));
