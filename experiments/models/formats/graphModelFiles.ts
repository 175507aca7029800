import { lowerToGraphModel } from '../../graph/graphModel/lowerToGraphModel.js';
import { recordProgram } from '../../runtime/recordProgram.js';
import type { ExportableModel } from './exportable.js';
import { type ExportFile, jsonFile } from './exportFile.js';
import { huggingFaceProgram } from './huggingFaceProgram.js';

/** Bytes of a file of weights: what TensorFlow.js's own converter takes, as browsers cache files of that size. */
const shardBytes = 4 * 2 ** 20;

/** The encoder with its heads as a TensorFlow.js graph model: `tf.loadGraphModel('…/tfjs/model.json')`. */
export function* graphModelFiles({ model, tasks, tensors }: ExportableModel): Generator<ExportFile> {
  const { config, normalize } = model;
  const graph = recordProgram(huggingFaceProgram({ config, normalize, tasks, tensors }));
  const { nodes, weights, inputs, outputs } = lowerToGraphModel(graph);
  const shards = cutIntoShards(
    weights.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
  const paths = shards.map((_, index) => `group1-shard${index + 1}of${shards.length}.bin`);
  yield jsonFile('tfjs/model.json', {
    format: 'graph-model',
    generatedBy: 'frostline',
    convertedBy: null,
    signature: { inputs, outputs },
    modelTopology: { node: nodes, library: {}, versions: {} },
    weightsManifest: [{ paths, weights: weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }],
  });
  for (const [index, parts] of shards.entries()) yield { path: `tfjs/${paths[index]}`, parts };
}

/** Consecutive bytes in pieces of equal size; views of what came in. */
function cutIntoShards(all: readonly Uint8Array[]): Uint8Array[][] {
  const shards: Uint8Array[][] = [];
  let room = 0;
  for (const bytes of all) {
    for (let start = 0; start < bytes.length;) {
      if (room === 0) {
        shards.push([]);
        room = shardBytes;
      }
      const part = bytes.subarray(start, start + room);
      shards.at(-1)?.push(part);
      start += part.length;
      room -= part.length;
    }
  }
  return shards;
}
