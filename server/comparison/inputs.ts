import { isDeepStrictEqual } from 'node:util';
import { type Definition } from '../../experiments/schema/types.js';
import { type Provenance } from '../../experiments/training/provenance.js';
import { decidingSettings } from '../../experiments/training/runIdentity.js';
import { type InputChange } from '../../experiments/training/verify.js';
import { type Run } from '../db/generated/client.js';
import { flatten } from './settingDifferences.js';

/** Kinds of inputs, named as verifications name them. */
export type InputKind = InputChange['input'];

/** Everything that decides a run's numbers, by name; what is not recorded is not there. */
export type RunInputs = Map<string, { input: InputKind; value: unknown }>;

/** An input that is not the same in every run; `undefined` where it was not recorded. */
export interface InputDifference {
  input: InputKind;
  name: string;
  values: unknown[];
}

/** Inputs that a run has with its provenance, by the names that they go by. */
const recorded: [name: string, input: InputKind, read: (provenance: Provenance) => unknown][] = [
  ['dataset', 'dataset', ({ datasetDigest }) => datasetDigest],
  ['weights', 'weights', ({ backboneSha256 }) => backboneSha256],
  ['initial weights', 'initial weights', ({ initialWeightsSha256 }) => initialWeightsSha256],
  ['parent', 'parent', ({ parent }) => parent && parent.checkpointSha256],
  ['tokenizer', 'tokenizer', ({ tokenizerSha256 }) => tokenizerSha256],
  ['code', 'code', ({ engineDigest }) => engineDigest],
  ['node', 'versions', ({ nodeVersion }) => nodeVersion],
  ['device', 'device', ({ device }) => device],
  ['processor', 'processor', ({ cpuFamily }) => cpuFamily],
];

/** What is known of a run's inputs. */
export function inputsOf({ definition, provenance }: Run): RunInputs {
  const inputs: RunInputs = new Map();
  for (const [name, value] of flatten(settingsOf(definition)))
    inputs.set(name, { input: 'definition', value });
  const known = provenance as unknown as Partial<Provenance>;
  for (const [name, input, read] of recorded) {
    const value = read(known as Provenance);
    if (value !== undefined) inputs.set(name, { input, value });
  }
  for (const [name, value] of Object.entries(known.packages ?? {}))
    inputs.set(name, { input: 'versions', value });
  return inputs;
}

/** Of a run trained elsewhere, all the settings that it came with. */
function settingsOf(definition: unknown): object {
  const isOurs = ['tasks', 'freeze', 'training'].every((part) => Object.hasOwn(definition as object, part));
  return isOurs ? decidingSettings(definition as Definition) : (definition as object);
}

/** The inputs that are not the same in all of the runs: settings first. */
export function inputDifferences(runs: readonly RunInputs[]): InputDifference[] {
  const kinds = new Map(
    runs.flatMap((inputs) => [...inputs].map(([name, { input }]) => [name, input] as const)),
  );
  return [...kinds]
    .map(([name, input]) => ({ input, name, values: runs.map((inputs) => inputs.get(name)?.value) }))
    .filter(({ values }) => values.some((value) => !isDeepStrictEqual(value, values[0])));
}

/** What provenance should tell of a run and does not. */
export function unknownInputs(inputs: RunInputs): InputKind[] {
  return recorded.flatMap(([name, input]) => (inputs.has(name) ? [] : [input]));
}
