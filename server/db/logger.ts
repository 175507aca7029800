import { redact } from './redact.js';

/** What belongs to an event beside its message: ids, names, counts. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where a process says what happens; never bodies, and secrets are taken out on the way. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** One event, as its line of JSON has it. */
export interface LogEvent extends Record<string, unknown> {
  time: string;
  level: 'info' | 'warn' | 'error';
  message: string;
}

/** JSON lines for programs, or text for who looks on. */
export type LogFormat = 'json' | 'text';

/** Writes one line an event; `quiet` leaves out what is merely informative. */
export function lineLogger(
  write: (line: string) => void,
  { format = 'json', quiet = false }: { format?: LogFormat; quiet?: boolean } = {},
): Logger {
  const logAt =
    (level: LogEvent['level']) =>
    (message: string, fields: LogFields = {}): void => {
      const time = new Date().toISOString();
      if (format === 'json') {
        const own = { time, level, message };
        // They come first, and no field takes their place.
        write(redact(JSON.stringify(Object.assign({ ...own }, fields, own))));
        return;
      }
      const details = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
      write(redact(`${time} ${level} ${message}${details.join('')}`));
    };
  return { info: quiet ? () => {} : logAt('info'), warn: logAt('warn'), error: logAt('error') };
}

/** A logger on stderr: text on a terminal, JSON lines elsewhere, unless `format` says which. */
export function stderrLogger(options: { format?: LogFormat | null; quiet?: boolean } = {}): Logger {
  const format = options.format ?? (process.stderr.isTTY ? 'text' : 'json');
  return lineLogger((line) => process.stderr.write(`${line}\n`), { ...options, format });
}

/** What a line of another process' log says; null when it is none. */
export function parseLogLine(line: string): LogEvent | null {
  if (!line.startsWith('{')) return null;
  try {
    const event = JSON.parse(line) as Partial<LogEvent>;
    return typeof event.level === 'string' && typeof event.message === 'string' ? (event as LogEvent) : null;
  } catch {
    return null;
  }
}

/** What a log keeps of an error that nobody foresaw. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Tells each event to all of them. */
export function teeLogger(...loggers: Logger[]): Logger {
  return {
    info: (message, fields) => loggers.forEach((log) => log.info(message, fields)),
    warn: (message, fields) => loggers.forEach((log) => log.warn(message, fields)),
    error: (message, fields) => loggers.forEach((log) => log.error(message, fields)),
  };
}

/** Says nothing; for tests. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
