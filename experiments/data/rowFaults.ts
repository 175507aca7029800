import { FrostlineError } from '../errors.js';

/** What is wrong with a row, and the line it begins on. */
export interface RowFault {
  line: number;
  message: string;
}

/** Faults that are kept to be told; the others are counted. */
export const mostFaultsTold = 1_000;

/** A file some of whose rows are none. The message tells the first; `faults` holds as many as are told, in order. */
export class BadRowsError extends FrostlineError {
  constructor(
    readonly faults: readonly RowFault[],
    readonly faultCount: number,
    source?: string,
  ) {
    const { line, message } = faults[0]!;
    const others = faultCount - 1;
    const more =
      others === 0
        ? ''
        : `; ${others} more ${others === 1 ? 'fault' : 'faults'}, the next in line ${faults[1]!.line}`;
    super('BAD_USER_INPUT', `line ${line}: ${message}${more}`, {
      path: `line ${line}`,
      ...(source === undefined ? {} : { source }),
    });
  }
}

/** Gathers what is wrong with the rows of a file. */
export class RowFaults {
  readonly told: RowFault[] = [];
  count = 0;

  add(line: number, message: string): void {
    this.count++;
    if (this.told.length < mostFaultsTold) this.told.push({ line, message });
  }

  /** Throws when there are any. */
  check(source?: string): void {
    if (this.count > 0) throw new BadRowsError(this.told, this.count, source);
  }
}
