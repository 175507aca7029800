import { badInput } from '../../errors.js';
import type { BackboneConfig } from '../config.js';
import type { ParameterInfo } from '../layout.js';
import { readSafetensors, type HostTensor } from '../safetensors.js';
import { asParameter, plainName } from './arrange.js';

/**
 * Reads a definition's `initialWeights`: a safetensors file whose tensors replace those that were loaded or drawn. Names are the
 * layout's; the backbone's may also stand as Hugging Face writes them, without `backbone.`. A name that is no parameter is an error.
 */
export function readInitialWeights(
  path: string,
  layout: readonly ParameterInfo[],
  config: Pick<BackboneConfig, 'family'>,
): Map<string, HostTensor> {
  const shapes = new Map(layout.map(({ name, shape }) => [name, shape]));
  const initial = new Map<string, HostTensor>();
  for (const [stored, tensor] of readSafetensorsFile(path)) {
    const name = [stored, `backbone.${plainName(stored, config)}`].find((candidate) => shapes.has(candidate));
    if (name === undefined) {
      const heads = layout.filter(({ group }) => group === 'head').map(({ name: head }) => head);
      throw badInput(`${stored}: expected the name of a parameter, such as ${heads.join(', ')}`, {
        path: stored,
        source: path,
      });
    }
    initial.set(name, asParameter(tensor, shapes.get(name) as number[], stored, path));
  }
  return initial;
}

function readSafetensorsFile(path: string): Map<string, HostTensor> {
  try {
    return readSafetensors(path).tensors;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw badInput('initialWeights: expected a safetensors file, there is no such file', {
      path: 'initialWeights',
      source: path,
      cause: error,
    });
  }
}
