import { type ResolvedModel } from '../../experiments/models/model.js';
import {
  machineProvenance as machineItself,
  type InputProvenance,
  type LaunchProvenance,
  type MachineProvenance,
} from '../../experiments/training/provenance.js';
import { type Config } from '../config.js';
import { launchProvenance } from '../provenance/launchProvenance.js';

/** What of the provenance is the same for every run of this process; asked once. */
export function machineProvenance(config: Config): LaunchProvenance & MachineProvenance {
  return { ...machineItself(), ...launchProvenance(config) };
}

/** What a run's data and backbone contribute. */
export function inputProvenance(
  datasetDigest: string,
  model: ResolvedModel,
): Pick<
  InputProvenance,
  'datasetDigest' | 'backboneSha256' | 'tokenizerSha256' | 'backboneSource' | 'randomWeights'
> {
  return {
    datasetDigest,
    backboneSha256: model.weightsSha256,
    tokenizerSha256: model.tokenizerSha256,
    backboneSource: model.source,
    randomWeights: model.randomWeights,
  };
}
