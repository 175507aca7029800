import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RandomStream, type TrainedModel } from '../../../experiments/index.js';
import { CompiledTree } from '../../support/compiledTree.js';
import type { KilledRunOptions, KillPoint } from './killedRun.js';
import { freezeScenarios, trainSample, type SampleOptions } from './sampleRun.js';

const kills = 20;
/** Long enough to be killed so often, with a checkpoint in the middle of some epochs and at the end of others. */
const longRun = { epochs: 60, batchSize: 6, checkpointEvery: 3, evaluateEvery: 2 };
const programs = [
  'test/experiments/training/killedRun.ts',
  'test/experiments/training/sampleRun.ts',
  'test/support/torchCases.ts',
];

interface Outcome {
  weightsSha256: string;
  losses: number[];
  features: TrainedModel['result']['features'];
}

describe('a run is exactly repeatable', () => {
  let folder: string;
  let tree: CompiledTree;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-repeatable-'));
    tree = new CompiledTree(programs);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    tree.remove();
  });

  /** A new folder. */
  function place(name: string): string {
    const path = join(folder, name.replaceAll(' ', '-'));
    mkdirSync(path);
    return path;
  }

  /** Trains in a process of its own; what came out, or the signal it died of. */
  function trainElsewhere(options: KilledRunOptions): Promise<Outcome | NodeJS.Signals> {
    return new Promise((resolve, reject) => {
      const args = ['--no-warnings', tree.path(programs[0]), JSON.stringify(options)];
      execFile(process.execPath, args, (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as Outcome);
        else if (error.signal) resolve(error.signal);
        else reject(new Error(stderr));
      });
    });
  }

  async function digestOf(options: SampleOptions): Promise<string> {
    return (await trainSample(options)).trained.weightsSha256;
  }

  describe('killed 20 times and resumed each time', function () {
    this.timeout(600_000); // however slow the machine
    /** Two scenarios at a time: most of what a process does is to begin. */
    const chains = new Map<string, Promise<Outcome[]>>();
    before(() => {
      const scenarios = Object.keys(freezeScenarios);
      let previous: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
      scenarios.forEach((name, index) => {
        const chain = previous[index % 2].then(() => killAndResume(name));
        chain.catch(() => {}); // the test that waits for it tells
        chains.set(name, chain);
        previous = previous.with(
          index % 2,
          chain.catch(() => {}),
        );
      });
    });

    /** A chain that reaches its end before it has been killed often enough is followed by another; all must end alike. */
    async function killAndResume(name: string): Promise<Outcome[]> {
      const ends: Outcome[] = [];
      let path = place(name);
      let died = 0;
      for (let begun = 0; ; begun++) {
        const sample: SampleOptions = {
          freeze: freezeScenarios[name],
          training: longRun,
          outputFolder: join(path, 'checkpoints'),
          cacheFolder: join(path, 'cache'),
        };
        const kill = died < kills ? killPoint(name, begun) : null;
        const outcome = await trainElsewhere({ sample, kill });
        if (outcome === 'SIGKILL') died++;
        else if (typeof outcome === 'string') throw new Error(`${name} ended by ${outcome}`);
        else path = place(`${name} ${ends.push(outcome)}`);
        if (kill === null) return ends;
      }
    }

    /** The same points in every run of this test. */
    function killPoint(scenario: string, index: number): KillPoint {
      const [kind, amount] = new RandomStream(20, `kill/${scenario}`).uniform(index, 2);
      if (kind < 0.5) return { at: 'event', count: 1 + Math.floor(amount * 12) };
      if (kind < 0.65) return { at: 'write', count: 1 + Math.floor(amount * 8) };
      if (kind < 0.8) return { at: 'rename', count: 1 + Math.floor(amount * 6) };
      return { at: 'time', milliseconds: Math.floor(amount * 500) };
    }

    for (const [name, freeze] of Object.entries(freezeScenarios)) {
      it(`ends in the digest of the undisturbed run: ${name}`, async () => {
        const { trained } = await trainSample({ freeze, training: longRun });
        const ends = await chains.get(name);
        assert.ok(ends?.length);
        for (const { weightsSha256, losses } of ends) {
          assert.equal(weightsSha256, trained.weightsSha256);
          assert.deepEqual(losses, trained.history.losses);
        }
      });
    }
  });

  for (const [name, freeze] of Object.entries(freezeScenarios)) {
    it(`with one thread and with two: ${name}`, async () => {
      assert.equal(await digestOf({ freeze, threads: 1 }), await digestOf({ freeze, threads: 2 }));
    });
  }

  for (const name of ['head-only', 'lower layers frozen', 'frozen']) {
    it(`from a cold cache and from a warm one: ${name}`, async () => {
      const options = { freeze: freezeScenarios[name], cacheFolder: place(`warm ${name}`) };
      const without = await digestOf({ freeze: options.freeze });
      const cold = await trainSample(options);
      const warm = await trainSample({ ...options, threads: 2 });
      const rows = cold.trained.result.features.computed;
      assert.deepEqual(cold.trained.result.features, { computed: rows, reused: 0, secondsSaved: 0 });
      assert.equal(rows, 18);
      assert.deepEqual(
        [warm.trained.result.features.computed, warm.trained.result.features.reused],
        [0, rows],
      );
      assert.equal(cold.trained.weightsSha256, without);
      assert.equal(warm.trained.weightsSha256, without);
    });
  }

  it('beside other runs, in its own process and in others, which share what they compute', async () => {
    const options: SampleOptions = { freeze: freezeScenarios['head-only'], cacheFolder: place('shared') };
    const alone = await digestOf({ freeze: options.freeze });
    const other = { ...options, training: { seed: 1 } };
    const [first, second, third, ...elsewhere] = await Promise.all([
      trainSample(options),
      trainSample(options),
      trainSample(other),
      trainElsewhere({ sample: options, kill: null }),
      trainElsewhere({ sample: options, kill: null }),
    ]);
    for (const { trained } of [first, second]) assert.equal(trained.weightsSha256, alone);
    for (const outcome of elsewhere) assert.equal((outcome as Outcome).weightsSha256, alone);
    assert.notEqual(third.trained.weightsSha256, alone);
    // The other processes run compiled code, which shares no features with the code it was compiled from.
    for (const uses of [
      [first, second, third].map(({ trained }) => trained.result.features),
      elsewhere.map((outcome) => (outcome as Outcome).features),
    ]) {
      assert.equal(uses.filter(({ computed }) => computed > 0).length, 1, 'only one computes the features');
    }
  });

  it('however often it is evaluated and its state is written', async () => {
    const usual = await digestOf({});
    for (const training of [
      { evaluateEvery: 1, checkpointEvery: 1 },
      { evaluateEvery: null, checkpointEvery: null },
    ]) {
      assert.equal(
        await digestOf({ training, outputFolder: place(`every ${training.evaluateEvery}`) }),
        usual,
      );
    }
  });

  it('but differs with the seed, and draws heads, order and masks independently of one another', async () => {
    const digests = new Set<string>();
    for (const training of [{}, { seed: 8 }, { shuffle: false }, { dropout: 0 }])
      digests.add(await digestOf({ training }));
    assert.equal(digests.size, 4);
    const first = async (training: object): Promise<number> =>
      (await trainSample({ training: { batchSize: 18, epochs: 1, dropout: 0, ...training } })).trained.history
        .losses[0];
    // All training rows in one batch, nothing dropped: the order only changes in which order losses are added.
    assert.ok(Math.abs((await first({ shuffle: true })) - (await first({ shuffle: false }))) < 1e-5);
    assert.notEqual(await first({ dropout: 0.2 }), await first({}));
  });

  it('when a bit of its cached features flips: they are computed again, and it is said which', async () => {
    const options = { freeze: freezeScenarios['lower layers frozen'], cacheFolder: place('flipped') };
    const cold = await trainSample(options);
    const features = join(options.cacheFolder, 'features');
    const [name] = readdirSync(features, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.features'),
    );
    const bytes = readFileSync(join(features, name));
    bytes[1001] ^= 8;
    writeFileSync(join(features, name), bytes);
    const { trained, logs } = await trainSample(options);
    assert.equal(trained.weightsSha256, cold.trained.weightsSha256);
    assert.equal(trained.result.features.computed, 18);
    assert.ok(
      logs.some((line) => line.includes(name) && line.includes('damaged')),
      logs.join(),
    );
  });
});
