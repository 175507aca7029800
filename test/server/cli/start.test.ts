import assert from 'node:assert/strict';
import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../../../server/db/postmasterPid.js';
import { runCli } from '../../support/cli.js';
import { startFrostline } from '../../support/frostlineProcess.js';
import { until } from '../../support/until.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Started {
  url: string;
  /** Of Postgres and of the worker. */
  pids: number[];
  output(): string;
  signal(signal: NodeJS.Signals): Promise<number | null>;
}

describe('frostline start', () => {
  let folder: string;
  let env: Record<string, string>;
  const children: ChildProcess[] = [];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-start-'));
    const model = join(folder, 'models', 'tiny');
    mkdirSync(model, { recursive: true });
    const source = join(root, 'test', 'fixtures', 'models', 'bert-tiny');
    for (const name of ['tokenizer.json', 'tokenizer_config.json'])
      copyFileSync(join(source, name), join(model, name));
    const config = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8')) as object;
    // Four blocks, as the sample freezes three; no weights, so that they are drawn.
    writeFileSync(join(model, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 4 }));
    env = {
      FROSTLINE_DATA: join(folder, 'data'),
      FROSTLINE_CACHE: join(folder, 'cache'),
      FROSTLINE_MODELS: join(folder, 'models'),
      FROSTLINE_SAMPLE_MODEL: 'tiny',
      FROSTLINE_OFFLINE: '1',
      FROSTLINE_THREADS: '1',
      DATABASE_URL: '',
      FROSTLINE_URL: '',
      HOST: '',
      PORT: '0',
    };
  });
  after(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<Started> {
    const { child, output } = await startFrostline(['start'], {
      env: { ...process.env, ...env },
      ready: /Ctrl-C stops it/,
    });
    children.push(child);
    const exited = once(child, 'exit') as Promise<[number | null]>;
    const url = /serving at (\S+);/.exec(output())![1]!;
    let worker: { name: string; state: string } | undefined;
    await until(async () => {
      const { workers } = await query<{ workers: { name: string; state: string }[] }>(
        url,
        '{ workers { name state } }',
      );
      worker = workers.find(({ state }) => state === 'IDLE' || state === 'BUSY');
      return worker !== undefined;
    });
    const record = JSON.parse(readFileSync(join(folder, 'data', 'postgres.json'), 'utf8')) as { pid: number };
    return {
      url,
      pids: [record.pid, Number(worker!.name.split('-').at(-1))],
      output,
      async signal(signal) {
        child.kill(signal);
        const [status] = await exited;
        return status;
      },
    };
  }

  async function query<Data>(url: string, text: string): Promise<Data> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text }),
    });
    return ((await response.json()) as { data: Data }).data;
  }

  const names = ['full', 'head-only', 'sentiment head frozen', 'lower layers frozen', 'frozen'];

  it('trains the sample in five ways on an empty database, compares them, and stops without an orphan', async () => {
    const started = await start();
    const { runs } = await query<{ runs: { edges: { node: { name: string; state: string } }[] } }>(
      started.url,
      '{ runs { edges { node { name state } } } }',
    );
    assert.deepEqual(runs.edges.map(({ node }) => node.name).reverse(), names);
    assert.ok(runs.edges.every(({ node }) => node.state === 'FINISHED'));
    const table = started.output().split('\n');
    const head = table.find((line) => line.startsWith('run '))!;
    for (const title of ['final loss', 'topic accuracy', 'sentiment accuracy', 'trainable', 'seconds']) {
      assert.ok(head.includes(title), title);
    }
    for (const name of names)
      assert.ok(
        table.some((line) => line.startsWith(`${name} `) && line.includes('finished')),
        name,
      );
    assert.match(started.output(), /drawn at random/);
    assert.match(started.output(), /\/compare\?runs=/);
    assert.ok(started.pids.every(isAlive));
    assert.equal(await started.signal('SIGINT'), 0);
    assert.deepEqual(started.pids.map(isAlive), [false, false]);
  });

  it('finds at its second start what the first left, and lets the other commands see it', async () => {
    const started = await start();
    assert.doesNotMatch(started.output(), /sample experiment/);
    const listed = await runCli(['runs', '--json'], { env });
    const runs = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; name: string });
    assert.deepEqual(runs.map(({ name }) => name).reverse(), names);
    const [one, other] = runs;
    const compared = await runCli(['compare', one!.id, other!.id], { env });
    assert.match(compared.stdout, /final loss/);
    assert.match(compared.stdout, /freeze\.preset/);

    const file = join(folder, 'mood.csv');
    writeFileSync(file, 'sentence,mood\nFine.,good\nAwful.,bad\nGreat.,good\nSad.,bad\n');
    assert.equal((await runCli(['import', file], { env })).stdout, 'mood@1\n');
    const definition = join(folder, 'mood.json');
    const training = { epochs: 1, batchSize: 2, learningRate: 1e-3, maxLength: 16 };
    writeFileSync(
      definition,
      JSON.stringify({ model: 'tiny', dataset: 'mood.csv', tasks: [{ name: 'mood' }], training }),
    );
    const launched = await runCli(['launch', definition, '--name', 'mood', '--freeze', 'full', 'head-only'], {
      env,
    });
    assert.equal(launched.status, 0, launched.stderr);
    assert.match(launched.stdout, /mood accuracy/);
    const wrong = await runCli(
      ['launch', definition, '--name', 'wrong', '--set', 'training.learningRate=-1'],
      { env },
    );
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /training\.learningRate: expected a number greater than 0, got -1\n$/);
    assert.equal(await started.signal('SIGTERM'), 0);
    assert.deepEqual(started.pids.map(isAlive), [false, false]);
  });

  it('says in one line that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { status, stderr } = await runCli(['start'], { env: { ...env, PORT: String(port) } });
    other.close();
    assert.equal(status, 1);
    assert.match(
      stderr,
      new RegExp(`^frostline: port ${port} of 127\\.0\\.0\\.1 cannot be had: [^\\n]+\\n$`),
    );
  });

  it('says where to look when no server answers', async () => {
    const { status, stderr } = await runCli(['runs'], {
      env: { ...env, FROSTLINE_URL: 'http://127.0.0.1:9' },
    });
    assert.equal(status, 1);
    assert.match(stderr, /no server answers at http:\/\/127\.0\.0\.1:9: start one with `npm start`/);
  });
});
