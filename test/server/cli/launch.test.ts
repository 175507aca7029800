import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { createFreezeConfig } from '../../../server/runs/freezeConfigs.js';
import { updateFreezeConfig } from '../../../server/runs/updateFreezeConfig.js';
import { runCli } from '../../support/cli.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

const SWEEP = {
  method: 'random',
  trials: 3,
  settings: { 'training.learningRate': { distribution: 'logUniform', min: 1e-5, max: 1e-2 } },
};

describe('frostline launch', () => {
  const server = useServer();
  let folder: string;
  let definition: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-launch-'));
    definition = join(folder, 'study.json');
    writeFileSync(definition, JSON.stringify({ ...sampleDefinition(), name: 'study', sweep: SWEEP }));
    await createDataset(server.database, 'sample', sampleDataset());
    await createFreezeConfig(server.database, { name: 'lower', rules: { blocks: 1 } });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const launch = (...args: string[]) =>
    runCli(['launch', definition, ...args], { env: { FROSTLINE_URL: server.url } });

  it('prints what a random sweep would come to, and stores no experiment', async () => {
    const { status, stdout, stderr } = await launch('--plan');
    assert.equal(status, 0, stderr);
    assert.equal(stdout.match(/^study \(learningRate=\S+\) .* 100\.0 % .* new$/gm)?.length, 3, stdout);
    assert.match(stdout, /3 runs, 3 of them new\n$/);
    assert.equal(await server.database.prisma.experiment.count(), 0);
  });

  it('queues it with a priority and a number of attempts, and knows it again', async () => {
    const { status, stderr } = await launch('--detach', '--priority', '7', '--attempts', '2');
    assert.equal(status, 0, stderr);
    const runs = await server.database.prisma.run.findMany();
    assert.deepEqual(
      runs.map(({ priority, maxAttempts }) => [priority, maxAttempts]),
      [
        [7, 2],
        [7, 2],
        [7, 2],
      ],
    );
    assert.equal((await launch('--detach')).status, 0);
    assert.equal(await server.database.prisma.run.count(), 3);
    assert.match((await launch('--plan')).stdout, /3 runs, 0 of them new\n$/);
    const other = await launch('--detach', '--set', 'sweep.trials=4');
    assert.equal(other.status, 1);
    assert.match(other.stderr, /another experiment called "study": give this one a name with --name/);
  });

  it('shows its runs in the queue, where they are paused, resumed and cancelled', async () => {
    const cli = (...args: string[]) => runCli(args, { env: { FROSTLINE_URL: server.url } });
    const [first, second] = await server.database.prisma.run.findMany({ orderBy: { sequence: 'asc' } });
    const paused = await cli('pause', first!.id, second!.id);
    assert.equal(paused.stdout, `${first!.name}: queued, paused\n${second!.name}: queued, paused\n`);
    assert.equal((await cli('resume', second!.id)).stdout, `${second!.name}: queued\n`);
    const { stdout } = await cli('queue');
    assert.match(stdout, new RegExp(`^${first!.id} .* training +paused +7 `, 'm'));
    assert.match(stdout, new RegExp(`^${second!.id} .* training +1 +7 `, 'm'));
    assert.equal((await cli('cancel', first!.id)).stdout, `${first!.name}: cancelled\n`);
    const lines = (await cli('queue', '--json')).stdout.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { position: number }).position),
      [1, 2],
    );
    const over = await cli('pause', first!.id);
    assert.deepEqual([over.status, over.stdout], [1, '']);
    assert.match(over.stderr, /the run cannot be paused, it is CANCELLED/);
    await cli('resume', first!.id);
  });

  it('names the field that is wrong, of the sweep and of an option', async () => {
    for (const [args, message] of [
      [['--set', 'sweep.trials=0'], /study\.json: sweep\.trials: expected a number of at least 1/],
      [
        ['--plan', '--set', 'tasks=[{"name":"mood"}]'],
        /study\.json: tasks\.0\.name: expected a column "mood"/,
      ],
      [['--priority', 'high'], /--priority: expected a whole number from -100 to 100, got "high"/],
      [['--priority', '101'], /--priority: expected a whole number from -100 to 100, got "101"/],
      [['--attempts', '26'], /--attempts: expected a whole number from 1 to 25, got "26"/],
    ] as const) {
      const { status, stderr } = await launch('--name', 'wrong', ...args);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
    }
    assert.equal(await server.database.prisma.experiment.count({ where: { name: 'wrong' } }), 0);
  });

  it('does not take an experiment with older rules for the one that is meant', async () => {
    const swept = ['--name', 'frozen', '--freeze', 'lower', '--detach'];
    assert.equal((await launch(...swept)).status, 0);
    assert.equal((await launch(...swept)).status, 0, 'the same again');
    await updateFreezeConfig(server.database, { name: 'lower', rules: { blocks: 2 } });
    const { status, stderr } = await launch(...swept);
    assert.equal(status, 1);
    assert.match(stderr, /another experiment called "frozen"/);
    const older = await launch('--name', 'frozen', '--freeze', 'lower@1', '--detach');
    assert.equal(older.status, 0, older.stderr);
  });
});
