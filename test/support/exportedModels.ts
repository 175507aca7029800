import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { enableProdMode, io, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { GraphModel } from '../../experiments/graph/graphModel/graphModel.js';

/** What a model is fed, and what it gives: by name. */
export type Tensors = Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }>;

/** Runs an ONNX model (a file, or its bytes) on onnxruntime-node, with nothing of the engine's between. Integers go in as int64. */
export async function runOnnx(model: string | Uint8Array, given: Tensors): Promise<Tensors> {
  const options = { logSeverityLevel: 3 } as const;
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options);
  try {
    const feeds = session.inputNames.map((name): [string, OnnxTensor] => {
      const { data, shape } = given[name];
      return data instanceof Float32Array
        ? [name, new OnnxTensor('float32', data, shape)]
        : [name, new OnnxTensor('int64', BigInt64Array.from(data, BigInt), shape)];
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => [
        name,
        { shape: dims, data: data as Float32Array | Int32Array },
      ]),
    );
  } finally {
    await session.release();
  }
}

/** Runs a graph model with TensorFlow.js alone, from its files as a browser would fetch them. */
export async function runGraphModelFile(path: string, given: Tensors): Promise<Tensors> {
  return runArtifacts(given, async () => {
    const json = JSON.parse(readFileSync(path, 'utf8')) as io.ModelJSON;
    return io.getModelArtifactsForJSON(json, async (manifest) => {
      const files = manifest.flatMap(({ paths }) =>
        paths.map((name) => readFileSync(join(dirname(path), name))),
      );
      const bytes = new Uint8Array(Buffer.concat(files));
      return [manifest.flatMap(({ weights }) => weights), bytes.buffer];
    });
  });
}

/** Runs a graph model that was not written to files. */
export async function runGraphModel(
  { nodes, weights, inputs, outputs }: GraphModel,
  given: Tensors,
): Promise<Tensors> {
  const parts = weights.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return runArtifacts(given, async () => ({
    modelTopology: { node: nodes, library: {}, versions: {} },
    signature: { inputs, outputs },
    weightSpecs: weights.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype })),
    weightData: new Uint8Array(Buffer.concat(parts)).buffer,
  }));
}

async function runArtifacts(given: Tensors, load: () => Promise<io.ModelArtifacts>): Promise<Tensors> {
  enableProdMode(); // or it greets on the terminal
  await setBackend('cpu');
  const model = await loadGraphModel({ load });
  const feeds = Object.fromEntries(
    model.inputs.map(({ name }): [string, Tensor] => {
      const { data, shape } = given[name];
      return [name, tensor(data, [...shape], data instanceof Float32Array ? 'float32' : 'int32')];
    }),
  );
  const names = model.outputs.map(({ name }) => name);
  const results = [model.execute(feeds, names)].flat(); // of one output it is no list
  try {
    return Object.fromEntries(
      results.map((result, index) => {
        const data = result.dataSync() as Float32Array | Int32Array;
        return [
          names[index],
          { shape: result.shape, data: result.dtype === 'int32' ? Int32Array.from(data) : data },
        ];
      }),
    );
  } finally {
    [...results, ...Object.values(feeds)].forEach((one) => one.dispose());
    model.dispose();
  }
}

/** Token ids as Hugging Face's tools feed them: padded, with a mask, all of the first type. */
export function padIds(tokenIds: readonly number[][], padding: number): Tensors {
  const length = Math.max(...tokenIds.map((row) => row.length));
  const shape = [tokenIds.length, length];
  const fill = (row: readonly number[], value: number): number[] =>
    Array.from({ length }, (_, at) => row[at] ?? value);
  const ids = tokenIds.flatMap((row) => fill(row, padding));
  const mask = tokenIds.flatMap((row) =>
    fill(
      row.map(() => 1),
      0,
    ),
  );
  return {
    input_ids: { data: Int32Array.from(ids), shape },
    attention_mask: { data: Int32Array.from(mask), shape },
    token_type_ids: { data: new Int32Array(ids.length), shape },
  };
}
