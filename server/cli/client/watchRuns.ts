import { setTimeout as sleep } from 'node:timers/promises';
import { MultiBar, type SingleBar } from 'cli-progress';
import { type Client } from './client.js';
import { isOver, readRuns, type RunView, showMetric, stateWord } from './runView.js';

const POLL_MS = 300;

/** Where progress goes. */
export interface ProgressOutput {
  show(runs: RunView[]): void;
  /** A line of text, without disturbing the bars. */
  print(line: string): void;
  stop(): void;
}

/** Shows the progress of runs until all of them are over, and returns them as they ended. */
export async function watchRuns(
  client: Client,
  ids: string[],
  output: ProgressOutput,
  signal?: AbortSignal,
): Promise<RunView[]> {
  try {
    for (;;) {
      const runs = await readRuns(client, ids);
      output.show(runs);
      if (runs.every(isOver) || signal?.aborted) return runs;
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    output.stop();
  }
}

/** A bar for each run in a terminal; elsewhere a line for each change worth one. */
export function progressOutput(stream: NodeJS.WriteStream = process.stderr): ProgressOutput {
  return stream.isTTY ? barOutput(stream) : lineOutput(stream);
}

function barOutput(stream: NodeJS.WriteStream): ProgressOutput {
  const bars = new Map<string, SingleBar>();
  let multibar: MultiBar | null = null;
  return {
    show(runs) {
      const width = Math.max(...runs.map(({ name }) => name.length));
      multibar ??= new MultiBar({
        stream,
        format: '  {name} {bar} {percentage}% | {state} | epoch {epoch} | loss {loss}',
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 30,
        hideCursor: true,
        forceRedraw: true,
        emptyOnZero: true,
      });
      for (const run of runs) {
        const { progress } = run;
        const payload = {
          name: run.name.padEnd(width),
          state: stateWord(run).padEnd(9),
          epoch: `${progress.epoch}/${progress.epochs}`,
          loss: showMetric(run, 'train/loss', (value) => value.toFixed(4)),
        };
        const bar = bars.get(run.id) ?? multibar.create(1000, 0, payload);
        bars.set(run.id, bar);
        bar.update(Math.round(1000 * progress.fraction), payload);
      }
    },
    print(line) {
      if (multibar?.isActive) multibar.log(`${line}\n`);
      else stream.write(`${line}\n`);
    },
    stop() {
      multibar?.stop();
      multibar = null;
    },
  };
}

function lineOutput(stream: NodeJS.WriteStream): ProgressOutput {
  const shown = new Map<string, string>();
  const print = (line: string): void => void stream.write(`${line}\n`);
  return {
    show(runs) {
      for (const run of runs) {
        const { epoch, epochs } = run.progress;
        const training = run.state === 'RUNNING' && epoch > 0;
        const loss = showMetric(run, 'epoch/loss', (value) => value.toFixed(4));
        const stage = training ? `epoch ${epoch}/${epochs}` : stateWord(run);
        if (shown.get(run.id) !== stage) print(`${run.name}: ${stage}${training ? `, loss ${loss}` : ''}`);
        shown.set(run.id, stage);
      }
    },
    print,
    stop() {},
  };
}
