import { badInput } from '../../errors.js';
import { lowerToOnnx } from '../../graph/lowerToOnnx.js';
import { recordProgram } from '../../runtime/recordProgram.js';
import type { ExportableModel } from './exportable.js';
import type { ExportFile } from './exportFile.js';
import { huggingFaceProgram } from './huggingFaceProgram.js';

/** A file of that format is one protocol buffer, whose length is a signed 32-bit number. */
const largestFile = 2 ** 31 - 1;

/** Refuses a model that is too large for the format. */
export function checkOnnxSize({ model, tensors }: ExportableModel): void {
  const bytes = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > largestFile) {
    const message = `formats: expected a model of at most 2 GiB for ONNX, ${model.id} has ${(bytes / 2 ** 30).toFixed(1)}`;
    throw badInput(message, { path: 'formats' });
  }
}

/** The encoder as ONNX where Hugging Face's tools look for it, and a second one with the heads. */
export function* onnxFiles(trained: ExportableModel): Generator<ExportFile> {
  yield onnxFile('onnx/model.onnx', { ...trained, tasks: [] });
  yield onnxFile('onnx/model_with_heads.onnx', trained);
}

function onnxFile(
  path: string,
  { model, tasks, tensors, weightsSha256, maxLength }: ExportableModel,
): ExportFile {
  const { config, normalize } = model;
  const graph = recordProgram(huggingFaceProgram({ config, normalize, tasks, tensors }));
  const metadata = {
    model: model.id,
    weightsSha256,
    maxLength: String(maxLength),
    pooling: config.pooling,
    normalize: String(normalize),
    tasks: JSON.stringify(tasks.map(({ name, classes }) => ({ name, classes }))),
  };
  return { path, parts: [lowerToOnnx(graph, { portable: true, metadata })] };
}
