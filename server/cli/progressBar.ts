import { SingleBar } from 'cli-progress';

/** How far something is that goes through phases. */
export interface PhaseProgress {
  phase: string;
  done: number;
  total: number;
}

/** What shows it. */
export interface ProgressBar {
  show(progress: PhaseProgress): void;
  stop(): void;
}

/** A bar for each phase in a terminal, gone when it ends; nothing elsewhere. */
export function progressBar(stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (!stream.isTTY) return silentBar;
  const bar = new SingleBar({
    format: '  {phase} {bar} {percentage}% | {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stream,
  });
  let shown: string | null = null;
  return {
    show({ phase, done, total }) {
      if (phase !== shown) {
        if (shown !== null) bar.stop();
        shown = phase;
        bar.start(total, done, { phase: phase.padEnd(9) });
      } else bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

/** Shows nothing: for those who asked for an object and nothing else. */
export const silentBar: ProgressBar = { show() {}, stop() {} };
