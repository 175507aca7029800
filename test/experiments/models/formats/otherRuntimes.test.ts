import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportModel, type ExportableModel } from '../../../../experiments/models/export.js';
import { assertClose } from '../../../support/closeness.js';
import { padIds, runGraphModelFile, runOnnx, type Tensors } from '../../../support/exportedModels.js';
import { fixturesFolder, torchCases, type TorchCase } from '../../../support/torchCases.js';
import { readInputs } from '../../training/trainCase.js';

/** What the design grants between two ways to compute the same. */
const tolerance = 1e-5;

const cases = [
  'bert-full',
  'distilbert-full',
  'padding-bert',
  'half-precision-weights',
  'relu-backbone',
  'roberta-full',
  'xlmr-full',
  'mpnet-full',
  'albert-full',
  'cls-pooling',
  'max-pooling',
  'sqrt-pooling',
];

function rowOf({ shape, data }: Tensors[string], row: number): Float32Array {
  const size = data.length / shape[0];
  return (data as Float32Array).subarray(row * size, (row + 1) * size);
}

/** Fixtures hold embeddings of length 1, whatever the model's folder says. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function check(
  outputs: Tensors,
  { expected }: TorchCase,
  tasks: readonly string[],
  normalize: boolean,
): void {
  const { token_ids: ids, embeddings, logits } = expected.before;
  const length = Math.max(...ids.map((row) => row.length));
  assert.deepEqual(Object.keys(outputs).sort(), [
    'last_hidden_state',
    ...tasks.map((task) => `logits_${task}`).sort(),
    'sentence_embedding',
  ]);
  assert.deepEqual(outputs.last_hidden_state.shape, [ids.length, length, embeddings[0].length]);
  for (const [row, embedding] of embeddings.entries()) {
    const vector = rowOf(outputs.sentence_embedding, row);
    assertClose(normalize ? vector : unit(vector), embedding, tolerance, `embedding of row ${row}`);
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

      const compare = async (
        run: (file: string, given: Tensors) => Promise<Tensors>,
        file: string,
        tasks: readonly string[],
      ): Promise<void> => {
        const { config, normalize } = trained.model;
        check(await run(join(out(), file), padIds(ids, config.paddingId ?? 0)), torchCase, tasks, normalize);
      };
      const taskNames = (): string[] => trained.tasks.map(({ name }) => name);

      it('gives what PyTorch gives in ONNX Runtime', async () => {
        await compare(runOnnx, 'onnx/model.onnx', []);
        await compare(runOnnx, 'onnx/model_with_heads.onnx', taskNames());
      });

      it('gives what PyTorch gives in TensorFlow.js', () =>
        compare(runGraphModelFile, 'tfjs/model.json', taskNames()));
    });
  }
});
