import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Config } from '../../config.js';
import { lineLogger, type LogFields, type Logger, stderrLogger, teeLogger } from '../../db/logger.js';
import { redact } from '../../db/redact.js';
import { type ProgressOutput, progressOutput } from '../client/watchRuns.js';

export interface StartOutput {
  /** Says how the start goes. */
  report(line: string): void;
  /** What the server has to say once it runs. */
  log: Logger;
  progress: ProgressOutput;
}

/**
 * Where `start` speaks: to people on the terminal, with the log as lines of JSON in `server.log`; or, where FROSTLINE_LOG is `json`,
 * all of it as lines of JSON on stderr.
 */
export function startOutput(config: Pick<Config, 'dataFolder' | 'logFormat'>): StartOutput {
  if (config.logFormat === 'json') {
    const log = stderrLogger({ format: 'json' });
    const report = (line: string): void => log.info(line);
    return { report, log, progress: { show() {}, print: report, stop() {} } };
  }
  const progress = progressOutput();
  const report = (line: string): void => progress.print(redact(line));
  mkdirSync(config.dataFolder, { recursive: true });
  const file = createWriteStream(join(config.dataFolder, 'server.log'), { flags: 'w' });
  const tell = (message: string, { id }: LogFields = {}): void =>
    report(id === undefined ? message : `${message} ${id}, see ${String(file.path)}`);
  return {
    report,
    log: teeLogger(
      lineLogger((line) => file.write(`${line}\n`)),
      { info() {}, warn: tell, error: tell },
    ),
    progress,
  };
}
