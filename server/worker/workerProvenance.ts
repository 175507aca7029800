import {
  machineProvenance,
  type LaunchProvenance,
  type MachineProvenance,
} from '../../experiments/training/provenance.js';
import { type Config } from '../config.js';
import { launchProvenance } from '../provenance/launchProvenance.js';

/** What of the provenance is the same for every run of this worker; asked once. */
export function workerProvenance(config: Config): LaunchProvenance & MachineProvenance {
  return { ...machineProvenance(), ...launchProvenance(config) };
}
