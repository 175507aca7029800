import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { enableProdMode, io, setBackend, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a model that was read back says of some sentences: by output, the values of all of them. */
export type ModelOutputs = Record<string, { shape: readonly number[]; data: Float32Array }>;

interface PaddedIds {
  ids: number[];
  mask: number[];
  shape: [number, number];
}

function pad(tokenIds: readonly number[][], padding: number): PaddedIds {
  const length = Math.max(...tokenIds.map((row) => row.length));
  const fill = (row: readonly number[], value: number): number[] =>
    Array.from({ length }, (_, at) => row[at] ?? value);
  return {
    ids: tokenIds.flatMap((row) => fill(row, padding)),
    mask: tokenIds.flatMap((row) =>
      fill(
        row.map(() => 1),
        0,
      ),
    ),
    shape: [tokenIds.length, length],
  };
}

/** Runs an ONNX file on onnxruntime-node, with nothing of the engine's between; the tensors are those that Hugging Face's tools feed. */
export async function runOnnxFile(
  path: string,
  tokenIds: readonly number[][],
  padding = 0,
): Promise<ModelOutputs> {
  const session = await InferenceSession.create(path, { logSeverityLevel: 3 });
  try {
    const { ids, mask, shape } = pad(tokenIds, padding);
    const values: Record<string, number[]> = {
      input_ids: ids,
      attention_mask: mask,
      token_type_ids: ids.map(() => 0),
    };
    const feeds = session.inputNames.map((name) => [
      name,
      new OnnxTensor('int64', BigInt64Array.from(values[name].map(BigInt)), shape),
    ]);
    const outputs = await session.run(Object.fromEntries(feeds) as Record<string, OnnxTensor>);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => [
        name,
        { shape: dims, data: data as Float32Array },
      ]),
    );
  } finally {
    await session.release();
  }
}

/** Runs a graph model with TensorFlow.js alone, from its files as a browser would fetch them. */
export async function runGraphModel(
  path: string,
  tokenIds: readonly number[][],
  padding = 0,
): Promise<ModelOutputs> {
  enableProdMode(); // or it greets on the terminal
  await setBackend('cpu');
  const model = await loadGraphModel({
    load: async () => {
      const json = JSON.parse(readFileSync(path, 'utf8')) as io.ModelJSON;
      return io.getModelArtifactsForJSON(json, async (manifest) => {
        const files = manifest.flatMap(({ paths }) =>
          paths.map((name) => readFileSync(join(dirname(path), name))),
        );
        const bytes = new Uint8Array(Buffer.concat(files));
        return [manifest.flatMap(({ weights }) => weights), bytes.buffer];
      });
    },
  });
  const { ids, mask, shape } = pad(tokenIds, padding);
  const values: Record<string, number[]> = {
    input_ids: ids,
    attention_mask: mask,
    token_type_ids: ids.map(() => 0),
  };
  const feeds = Object.fromEntries(
    model.inputs.map(({ name }): [string, Tensor] => [name, tensor2d(values[name], shape, 'int32')]),
  );
  const names = model.outputs.map(({ name }) => name);
  const outputs = model.execute(feeds, names) as Tensor[];
  try {
    return Object.fromEntries(
      outputs.map((output, index) => [
        names[index],
        { shape: output.shape, data: output.dataSync() as Float32Array },
      ]),
    );
  } finally {
    [...outputs, ...Object.values(feeds)].forEach((tensor) => tensor.dispose());
    model.dispose();
  }
}
