import { digestRows, firstChangedRow, type RowDigests } from '../data/rowDigests.js';
import type { Dataset } from '../data/dataset.js';
import { FrostlineError } from '../errors.js';
import { readFork } from './checkpoints/fork.js';
import type { EpochEvent, StepEvent } from './events.js';
import type { Environment } from './history.js';
import {
  inputProvenance,
  machineProvenance,
  type InputProvenance,
  type LaunchProvenance,
  type MachineProvenance,
} from './provenance.js';
import { differentLeaves, runIdentity } from './runIdentity.js';
import { isRecordedLoss, recordLoss, type RecordedLoss, type RunRecord } from './runRecord.js';
import { train, type TrainRequest } from './train.js';

/** An input of the run that is not what it was. */
export interface InputChange {
  input:
    | 'definition'
    | 'dataset'
    | 'weights'
    | 'initial weights'
    | 'parent'
    | 'tokenizer'
    | 'code'
    | 'versions'
    | 'device'
    | 'processor';
  /** For people: what it was and what it is. */
  detail: string;
}

export interface Verification {
  equal: boolean;
  /** Recorded inputs that are others now; also where the results are equal all the same. */
  changes: InputChange[];
  /** Why equal bits were not to be expected even of the same definition, data and weights; empty when they were promised. */
  notPromised: string[];
  /** Steps that were compared, and steps of the record. */
  steps: { compared: number; recorded: number };
  firstStep: { step: number; epoch: number; was: RecordedLoss | null; is: RecordedLoss | null } | null;
  /** The first tensor, in the order of the forward pass, that differs after the first epoch that differs. */
  firstTensor: { name: string; epoch: number; was: string | null; is: string | null } | null;
  /** Null when the run was ended at the first epoch that differed. */
  weightsSha256: { was: string; is: string | null };
}

/**
 * Runs a recorded run again and compares every step's loss bits, the trained tensors after each epoch, and the final digest. It computes
 * everything anew: no features from the cache, no checkpoints. After the first epoch that differs it stops.
 */
export async function verify(
  recorded: RunRecord,
  request: TrainRequest,
  launch: LaunchProvenance,
): Promise<Verification> {
  const { losses, epochs } = recorded.history;
  const result: Verification = {
    equal: false,
    changes: [],
    notPromised: [],
    steps: { compared: 0, recorded: losses.length },
    firstStep: null,
    firstTensor: null,
    weightsSha256: { was: recorded.weightsSha256, is: null },
  };
  const parent = request.forkFrom === undefined ? null : readFork(request.forkFrom).parent;
  const inputs = { ...inputProvenance(request, parent), ...machineProvenance(), ...launch };
  result.changes = changedInputs(recorded, inputs, request);

  const diverged = new AbortController();
  const signals = [diverged.signal, ...(request.signal === undefined ? [] : [request.signal])];
  const onEvent: TrainRequest['onEvent'] = async (event) => {
    await request.onEvent(event);
    if (event.type === 'started') compareEnvironments(result, recorded, event.environment);
    else if (event.type === 'step') compareStep(result, event, losses[event.step - 1]);
    else if (event.type === 'epoch') {
      const was = epochs.find(({ epoch }) => epoch === event.epoch)?.tensors;
      result.firstTensor = firstDifferent(event, was);
      if (result.firstStep !== null || result.firstTensor !== null) diverged.abort();
    }
  };
  try {
    const trained = await train({
      ...request,
      digests: true,
      cacheFolder: undefined,
      outputFolder: undefined,
      resume: false,
      signal: AbortSignal.any(signals),
      onEvent,
    });
    result.weightsSha256.is = trained.weightsSha256;
    const { steps } = trained.result;
    if (steps < losses.length) {
      result.firstStep ??= {
        step: steps + 1,
        epoch: trained.history.epochs.length,
        was: losses[steps],
        is: null,
      };
    }
    result.equal = result.firstStep === null && trained.weightsSha256 === recorded.weightsSha256;
  } catch (error) {
    const stopped = error instanceof FrostlineError && error.code === 'CANCELLED' && diverged.signal.aborted;
    if (!stopped || request.signal?.aborted) throw error;
  }
  return result;
}

function compareStep(
  result: Verification,
  { step, epoch, loss }: StepEvent,
  was: RecordedLoss | undefined,
): void {
  if (isRecordedLoss(loss, was)) result.steps.compared++;
  else result.firstStep ??= { step, epoch, was: was ?? null, is: recordLoss(loss) };
}

function firstDifferent(
  { epoch, digests = {} }: EpochEvent,
  was: Record<string, string> | undefined,
): Verification['firstTensor'] {
  if (was === undefined) return null;
  const name = Object.keys({ ...digests, ...was }).find((one) => digests[one] !== was[one]);
  return name === undefined ? null : { name, epoch, was: was[name] ?? null, is: digests[name] ?? null };
}

/** Which of the recorded inputs are others now. */
function changedInputs(
  recorded: RunRecord,
  is: InputProvenance & MachineProvenance & LaunchProvenance,
  request: TrainRequest,
): InputChange[] {
  const { provenance: was, rows } = recorded;
  const changes: InputChange[] = differentLeaves(
    '',
    recorded.settings,
    runIdentity(request, null).settings,
  ).map(({ what, was: before, is: now }) => ({
    input: 'definition',
    detail: `${what} was ${text(before)}, it is ${text(now)}`,
  }));
  const compare = (
    input: InputChange['input'],
    before: string | null,
    now: string | null,
    more = '',
  ): void => {
    if (before !== now)
      changes.push({ input, detail: `${short(before)} was recorded, it is ${short(now)}${more}` });
  };
  compare('dataset', was.datasetDigest, is.datasetDigest, describeRow(rows, request.dataset));
  compare('weights', was.backboneSha256, is.backboneSha256);
  compare('initial weights', was.initialWeightsSha256, is.initialWeightsSha256);
  compare('parent', was.parent?.checkpointSha256 ?? null, is.parent?.checkpointSha256 ?? null);
  compare('tokenizer', was.tokenizerSha256, is.tokenizerSha256);
  if (was.engineDigest !== is.engineDigest) {
    changes.push({ input: 'code', detail: `${codeOf(was)} was recorded, it is ${codeOf(is)}` });
  }
  for (const { what, was: before, is: now } of differentLeaves(
    '',
    { ...was.packages, node: was.nodeVersion },
    { ...is.packages, node: is.nodeVersion },
  )) {
    changes.push({ input: 'versions', detail: `${what} was ${text(before)}, it is ${text(now)}` });
  }
  return changes;
}

/** Adds what speaks against equal bits on this device and processor. */
function compareEnvironments(
  { changes, notPromised }: Verification,
  { provenance: was, history }: RunRecord,
  is: Environment,
): void {
  if (was.device !== is.device) {
    changes.push({ input: 'device', detail: `${was.device} was recorded, it is ${is.device}` });
    notPromised.push('it runs on another device than the recorded run');
  }
  if (was.cpuFamily !== is.processor) {
    changes.push({ input: 'processor', detail: `${was.cpuFamily} was recorded, it is ${is.processor}` });
    notPromised.push('processors of another family round differently');
  }
  for (const [which, deterministic, device] of [
    ['the recorded run', was.deterministic, was.device],
    ['this run', is.deterministic, is.device],
  ] as const) {
    if (!deterministic)
      notPromised.push(`${device}, where ${which} was computed, does not promise equal bits`);
  }
  if (history.environments.length > 1)
    notPromised.push('the recorded run went on elsewhere after it was resumed');
  if (changes.some(({ input }) => input === 'code' || input === 'versions')) {
    notPromised.push('code or versions of packages are others than those of the recorded run');
  }
}

function describeRow(was: RowDigests, dataset: Dataset): string {
  const row = firstChangedRow(was, digestRows(dataset.rows));
  if (row === undefined) return '';
  const sentence = dataset.rows[row]?.sentence;
  const line = dataset.origin?.lines[row];
  const place =
    line === undefined ? `row ${row + 1}` : `row ${row + 1} (line ${line} of ${dataset.origin?.file})`;
  if (sentence === undefined) return `; it ends before ${place}`;
  return `; the first row that differs is ${was.rowsPerDigest === 1 ? '' : 'near '}${place}: ${JSON.stringify(sentence.slice(0, 80))}`;
}

function codeOf({ engineVersion, engineDigest, gitCommit }: MachineProvenance & LaunchProvenance): string {
  const commit = gitCommit === null ? '' : `, commit ${gitCommit.slice(0, 12)}`;
  return `version ${engineVersion}, digest ${engineDigest.slice(0, 12)}${commit}`;
}

/** Digests by their first digits; everything else as it is. */
function short(value: string | null): string {
  if (value === null) return 'none';
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
