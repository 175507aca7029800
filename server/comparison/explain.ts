import { type InputChange } from '../../experiments/training/verify.js';
import { type ComparedRun } from './comparedRun.js';
import { type InputDifference, inputDifferences, unknownInputs } from './inputs.js';

/** What may be said of two runs' final weights. */
export type Explained = 'SAME_BITS' | 'INPUTS_DIFFER' | 'UNEXPLAINED' | 'NOT_PROMISED' | 'UNKNOWN';

/** Why a run came out other than the baseline, or that it did not. */
export interface Explanation {
  run: string;
  explained: Explained;
  summary: string;
  /** Inputs that are others than the baseline's, also where the bits are the same. */
  changes: InputChange[];
  /** Why equal bits were not to be expected even of equal inputs. */
  notPromised: string[];
}

/** Explains the difference of a run from the baseline by what went into them. */
export function explain(baseline: ComparedRun, run: ComparedRun): Explanation {
  const unknown = new Set([baseline, run].flatMap(({ inputs }) => unknownInputs(inputs)));
  const differences = inputDifferences([baseline.inputs, run.inputs]).filter(
    ({ input }) => !unknown.has(input),
  );
  const notPromised = [...doubts(baseline, 'the baseline'), ...doubts(run, 'the run')];
  const explained = judge(baseline, run, { differences, unknown: [...unknown], notPromised });
  return { run: run.run.id, ...explained, changes: differences.map(toChange), notPromised };
}

function judge(
  baseline: ComparedRun,
  run: ComparedRun,
  known: { differences: InputDifference[]; unknown: string[]; notPromised: string[] },
): Pick<Explanation, 'explained' | 'summary'> {
  const [was, is] = [baseline.run.weightsSha256, run.run.weightsSha256];
  if (was === null || is === null) {
    const which = was === null ? 'the baseline' : 'the run';
    return { explained: 'UNKNOWN', summary: `${which} has no final weights to compare` };
  }
  const inputs = list([...new Set(known.differences.map(({ input }) => input))]);
  if (was === is) {
    const summary =
      inputs === '' ? 'inputs and bits are the same' : `the bits are the same, although ${inputs} differ`;
    return { explained: 'SAME_BITS', summary };
  }
  if (inputs !== '') return { explained: 'INPUTS_DIFFER', summary: `explained by what differs: ${inputs}` };
  if (known.unknown.length > 0) {
    const summary = `nothing that is recorded differs, but it is not recorded of both runs: ${list(known.unknown)}`;
    return { explained: 'UNKNOWN', summary };
  }
  if (known.notPromised.length > 0) {
    const summary = `inputs match and bits do not, but equal bits are not promised: ${known.notPromised.join('; ')}`;
    return { explained: 'NOT_PROMISED', summary };
  }
  return { explained: 'UNEXPLAINED', summary: 'unexplained: inputs match and bits do not' };
}

/** What speaks against equal bits in a run by itself. */
function doubts({ run, attempts }: ComparedRun, which: string): string[] {
  const { deterministic, device } = run.provenance as { deterministic?: boolean; device?: string };
  const devices = new Set(attempts.flatMap((attempt) => attempt.device ?? []));
  return [
    ...(deterministic === false
      ? [`${device}, where ${which} was computed, does not promise equal bits`]
      : []),
    ...(devices.size > 1 ? [`${which} went on elsewhere after it was resumed`] : []),
  ];
}

function toChange({ input, name, values: [was, is] }: InputDifference): InputChange {
  const subject = name === input ? '' : `${name}: `;
  return { input, detail: `${subject}${text(was)} in the baseline, ${text(is)} here` };
}

/** Digests by their first digits. */
function text(value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value.slice(0, 12);
  return value === undefined || value === null ? 'none' : JSON.stringify(value);
}

function list(names: readonly string[]): string {
  return names.join(', ');
}
