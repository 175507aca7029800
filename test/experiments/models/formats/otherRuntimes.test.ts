import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportModel, type ExportableModel } from '../../../../experiments/models/export.js';
import { assertClose } from '../../../support/closeness.js';
import { runGraphModel, runOnnxFile, type ModelOutputs } from '../../../support/exportedModels.js';
import { fixturesFolder, torchCases, type TorchCase } from '../../../support/torchCases.js';
import { readInputs } from '../../training/trainCase.js';

/** What the design grants between two ways to compute the same. */
const tolerance = 1e-5;

const cases = ['bert-full', 'distilbert-full', 'padding-bert', 'half-precision-weights', 'relu-backbone'];

function rowOf({ shape, data }: ModelOutputs[string], row: number): Float32Array {
  const size = data.length / shape[0];
  return data.subarray(row * size, (row + 1) * size);
}

function check(outputs: ModelOutputs, { expected }: TorchCase, tasks: readonly string[]): void {
  const { token_ids: ids, embeddings, logits } = expected.before;
  const length = Math.max(...ids.map((row) => row.length));
  assert.deepEqual(Object.keys(outputs).sort(), [
    'last_hidden_state',
    ...tasks.map((task) => `logits_${task}`).sort(),
    'sentence_embedding',
  ]);
  assert.deepEqual(outputs.last_hidden_state.shape, [ids.length, length, embeddings[0].length]);
  for (const [row, embedding] of embeddings.entries()) {
    assertClose(rowOf(outputs.sentence_embedding, row), embedding, tolerance, `embedding of row ${row}`);
    for (const task of tasks)
      assertClose(
        rowOf(outputs[`logits_${task}`], row),
        logits[task][row],
        tolerance,
        `${task} of row ${row}`,
      );
  }
}

describe('a model in the hands of other runtimes', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'frostline-formats-'))));
  after(() => rmSync(folder, { recursive: true }));

  for (const torchCase of torchCases(fixturesFolder).filter(({ name }) => cases.includes(name))) {
    describe(torchCase.name, () => {
      const out = (): string => join(folder, torchCase.name);
      const { token_ids: ids } = torchCase.expected.before;
      let trained: ExportableModel;
      before(async () => {
        const { model, heads, definition } = await readInputs(torchCase, folder);
        const tasks = definition.tasks.map(({ name, classes, hidden }) => ({
          name,
          hidden,
          classes: classes!,
        }));
        const tensors = new Map([...model.tensors, ...heads]);
        trained = { model, tasks, tensors, weightsSha256: 'untrained', maxLength: 64 };
        await exportModel(trained, out(), { formats: ['onnx', 'tfjs'] });
      });

      it('gives what PyTorch gives in ONNX Runtime', async () => {
        check(await runOnnxFile(join(out(), 'onnx/model.onnx'), ids), torchCase, []);
        const tasks = trained.tasks.map(({ name }) => name);
        check(await runOnnxFile(join(out(), 'onnx/model_with_heads.onnx'), ids), torchCase, tasks);
      });

      it('gives what PyTorch gives in TensorFlow.js', async () => {
        const tasks = trained.tasks.map(({ name }) => name);
        check(await runGraphModel(join(out(), 'tfjs/model.json'), ids), torchCase, tasks);
      });
    });
  }
});
