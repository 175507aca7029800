import type { ParameterInfo } from '../models/layout.js';
import { createHash } from 'node:crypto';
import type { ParameterStore } from './optimizer/parameterStore.js';

/** What decides the bits of a computation, beside its inputs. */
export interface Environment {
  /** Such as `cpu (ONNX Runtime 1.30.0)`. */
  device: string;
  /** Whether this device gives equal bits for equal inputs. */
  deterministic: boolean;
  /** Family of processors with equal bits; see Processor. */
  processor: string;
  /** Digest of the engine's code. */
  engine: string;
}

/** Digests of the trained tensors as an epoch left them: enough hexadecimal digits of SHA-256 to tell them apart. */
export interface EpochDigests {
  epoch: number;
  step: number;
  /** In the order of the forward pass. */
  tensors: Record<string, string>;
}

/** What a whole run did, over all its attempts; two runs that did the same have equal histories. */
export interface RunHistory {
  /** Loss of every optimizer step, all bits of it. */
  losses: number[];
  /** Empty unless digests were asked for. */
  epochs: EpochDigests[];
  /** Where it was computed; more than one entry when it was resumed elsewhere. */
  environments: { fromStep: number; environment: Environment }[];
}

const digestDigits = 16;

/** Digests of the trainable tensors as they are now. */
export function digestTensors(
  layout: readonly ParameterInfo[],
  store: ParameterStore,
): EpochDigests['tensors'] {
  return Object.fromEntries(
    layout.flatMap(({ name }) => {
      const data = store.get(name)?.value.data;
      if (data === undefined) return [];
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return [[name, createHash('sha256').update(bytes).digest('hex').slice(0, digestDigits)]];
    }),
  );
}

/** Adds where the run goes on from here, unless it goes on where it was. */
export function noteEnvironment(history: RunHistory, fromStep: number, environment: Environment): void {
  const last = history.environments.at(-1)?.environment;
  if (last === undefined || !sameEnvironment(last, environment))
    history.environments.push({ fromStep, environment });
}

export function sameEnvironment(a: Environment, b: Environment): boolean {
  return a.device === b.device && a.processor === b.processor && a.engine === b.engine;
}
