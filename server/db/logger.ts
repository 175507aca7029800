/** Where a process says what happens; never secrets, never bodies. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

function timestamped(level: string): (message: string) => void {
  return (message) => {
    process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
  };
}

/** One line an event on stderr; `quiet` leaves out what is merely informative. */
export function stderrLogger(options: { quiet?: boolean } = {}): Logger {
  return {
    info: options.quiet ? () => {} : timestamped('info'),
    warn: timestamped('warn'),
    error: timestamped('error'),
  };
}

/** Says nothing; for tests. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
