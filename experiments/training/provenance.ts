import { platform, release } from 'node:os';
import { engineDigest } from '../engineDigest.js';
import { processor } from '../runtime/processor.js';
import { definitionDigest } from '../schema/digest.js';
import type { ParentRun } from './checkpoints/fork.js';
import type { Environment } from './history.js';
import { digestOfTensors } from './runIdentity.js';
import type { TrainRequest } from './train.js';

/** What only the program that launches a run knows. */
export interface LaunchProvenance {
  /** Version of the product. */
  engineVersion: string;
  /** Versions of the packages that compute. */
  packages: Record<string, string>;
  threads: number;
  command: string;
  /** Of the checkout that it was launched from; null when it was none. */
  gitCommit: string | null;
  gitDirty: boolean | null;
  /** The uncommitted changes of its code; null when there are none, or when they are too large to keep. */
  gitPatch: string | null;
}

/** The process and the machine. */
export interface MachineProvenance {
  /** Digest of the engine's code as it ran. */
  engineDigest: string;
  nodeVersion: string;
  platform: string;
  cpu: string;
  cpuFlags: string[];
  /** Processors of one family promise equal bits; see Processor. */
  cpuFamily: string;
}

export interface InputProvenance {
  definitionDigest: string;
  datasetDigest: string;
  backboneSha256: string;
  backboneSource: string;
  randomWeights: boolean;
  tokenizerSha256: string;
  /** Digest of the tensors that replaced loaded or drawn ones. */
  initialWeightsSha256: string | null;
  parent: ParentRun | null;
}

/** Everything that decided a run's numbers, as far as it can be told. */
export interface Provenance extends LaunchProvenance, MachineProvenance, InputProvenance {
  device: string;
  /** Whether equal inputs give equal bits there: on processors of the same family, not on GPUs. */
  deterministic: boolean;
}

export function machineProvenance(): MachineProvenance {
  const { model, flags, family } = processor();
  return {
    engineDigest: engineDigest(),
    nodeVersion: process.version,
    platform: `${platform()} ${release()}`,
    cpu: model,
    cpuFlags: flags,
    cpuFamily: family,
  };
}

export function inputProvenance(
  { definition, dataset, model, initialWeights }: Omit<TrainRequest, 'onEvent'>,
  parent: ParentRun | null = null,
): InputProvenance {
  return {
    definitionDigest: definitionDigest(definition),
    datasetDigest: dataset.digest,
    backboneSha256: model.weightsSha256,
    backboneSource: model.source,
    randomWeights: model.randomWeights,
    tokenizerSha256: model.tokenizerSha256,
    initialWeightsSha256: initialWeights === undefined ? null : digestOfTensors(initialWeights),
    parent,
  };
}

export function makeProvenance(
  request: Omit<TrainRequest, 'onEvent'>,
  launch: LaunchProvenance,
  { environment, parent }: { environment: Environment; parent: ParentRun | null },
): Provenance {
  const { device, deterministic } = environment;
  return { ...inputProvenance(request, parent), ...machineProvenance(), ...launch, device, deterministic };
}
