import { digestRows, type RowDigests } from '../data/rowDigests.js';
import type { EpochDigests, RunHistory } from './history.js';
import { makeProvenance, type LaunchProvenance, type Provenance } from './provenance.js';
import { runIdentity, type RunIdentity } from './runIdentity.js';
import type { TrainRequest } from './train.js';
import type { TrainedModel } from './trainedModel.js';

/** A loss as JSON: a number with all its digits, or the name of one that JSON has no number for. */
export type RecordedLoss = number | 'NaN' | 'Infinity' | '-Infinity';

/** What a finished run leaves so that it can be run again and compared. It is JSON. */
export interface RunRecord {
  provenance: Provenance;
  /** Those of the definition that decide numbers. */
  settings: RunIdentity['settings'];
  rows: RowDigests;
  weightsSha256: string;
  history: {
    losses: RecordedLoss[];
    epochs: EpochDigests[];
    /** Where it was computed; several when it was resumed elsewhere. */
    environments: RunHistory['environments'];
  };
}

export function makeRunRecord(
  trained: TrainedModel,
  request: Omit<TrainRequest, 'onEvent'>,
  launch: LaunchProvenance,
): RunRecord {
  const { losses, epochs, environments } = trained.history;
  return {
    provenance: makeProvenance(request, launch, trained),
    settings: runIdentity(request, null).settings,
    rows: digestRows(request.dataset.rows),
    weightsSha256: trained.weightsSha256,
    history: { losses: losses.map(recordLoss), epochs, environments },
  };
}

export function recordLoss(loss: number): RecordedLoss {
  return Number.isFinite(loss) ? loss : (String(loss) as RecordedLoss);
}

/** Whether a loss is the recorded one, to the last bit. */
export function isRecordedLoss(loss: number, recorded: RecordedLoss | undefined): boolean {
  return recorded !== undefined && Object.is(loss, Number(recorded));
}
