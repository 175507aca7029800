import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

import type { SampleOptions } from './sampleRun.js';

/** When a process is to kill itself; nothing of it is left to say goodbye. */
export type KillPoint =
  /** After so many events of the run. */
  | { at: 'event'; count: number }
  /** In the middle of the write, or before the rename, with this number. */
  | { at: 'write' | 'rename'; count: number }
  /** After so many milliseconds, whatever it does. */
  | { at: 'time'; milliseconds: number };

export interface KilledRunOptions {
  sample: SampleOptions;
  kill: KillPoint | null;
}

type WriteBytes = (
  file: number,
  bytes: Uint8Array,
  offset?: number,
  length?: number,
  position?: number | null,
) => number;

/** A process that trains the sample run, from the newest checkpoint on, and dies on the way when it is told to. */
const { sample, kill } = JSON.parse(process.argv[2]) as KilledRunOptions;
const die = (): true => process.kill(process.pid, 'SIGKILL');

if (kill?.at === 'time') setTimeout(die, kill.milliseconds);
if (kill?.at === 'write') {
  const writeSync = fs.writeSync as WriteBytes;
  let left = kill.count;
  const writeOrDie: WriteBytes = (
    file,
    bytes,
    offset = 0,
    length = bytes.length - offset,
    position = null,
  ) => {
    if (--left > 0) return writeSync(file, bytes, offset, length, position);
    writeSync(file, bytes, offset, length >> 1, position);
    die();
    return 0;
  };
  fs.writeSync = writeOrDie as typeof fs.writeSync;
}
if (kill?.at === 'rename') {
  const { renameSync } = fs;
  let left = kill.count;
  fs.renameSync = (from, to) => {
    if (--left === 0) die();
    renameSync(from, to);
  };
}
syncBuiltinESMExports();

const { sampleRequest } = await import('./sampleRun.js');
const { train } = await import('../../../experiments/training/train.js');
let events = kill?.at === 'event' ? kill.count : Infinity;
const trained = await train({
  ...(await sampleRequest({ ...sample, resume: true })),
  onEvent: () => void (--events <= 0 && die()),
});
process.stdout.write(
  JSON.stringify({
    weightsSha256: trained.weightsSha256,
    losses: trained.history.losses,
    features: trained.result.features,
  }),
);
process.exit();
