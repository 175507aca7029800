import assert from 'node:assert/strict';

import {
  openEncoder,
  SentenceTokenizer,
  type Device,
  type TrainedModel,
  type TrainingEvent,
} from '../../../experiments/index.js';
import { assertClose, assertRelativelyClose } from '../../support/closeness.js';
import type { TorchCase } from '../../support/torchCases.js';
import { bytesOf, eventsOf, trainCase, type Inputs, type Training } from './trainCase.js';

/** The design's tolerances. */
const embeddingTolerance = 1e-5;
const lossTolerance = 1e-4;
const logitTolerance = 2e-3;

function checkTokenIds({ definition, dataset, model }: Inputs, { expected }: TorchCase): void {
  const tokenizer = SentenceTokenizer.fromFiles(model);
  const { ids, offsets } = tokenizer.encode(
    dataset.rows.map(({ sentence }) => sentence),
    definition.training.maxLength,
  );
  for (const [row, expectedIds] of expected.before.token_ids.entries()) {
    const actual = [...ids.subarray(offsets[row], offsets[row + 1])];
    assert.deepEqual(actual, expectedIds, `token ids of ${JSON.stringify(dataset.rows[row].sentence)}`);
  }
  assert.equal(offsets.length - 1, expected.before.token_ids.length);
}

async function checkEmbeddings(
  { definition, dataset, model }: Inputs,
  { expected }: TorchCase,
  device: Device,
): Promise<void> {
  const encoder = await openEncoder(model, {
    device,
    maxLength: definition.training.maxLength,
    batchSize: 4,
  });
  try {
    const embeddings = await encoder.embed(
      dataset.rows.map(({ sentence }) => sentence),
      { normalize: true },
    );
    for (const [row, embedding] of embeddings.entries()) {
      assertClose(embedding, expected.before.embeddings[row], embeddingTolerance, `embedding of row ${row}`);
    }
  } finally {
    await encoder.close();
  }
}

async function checkLogits(
  trained: TrainedModel,
  { dataset, definition }: Inputs,
  expected: Record<string, number[][]>,
  device: Device,
): Promise<void> {
  const predictor = await openEncoder(trained, {
    device,
    maxLength: definition.training.maxLength,
    batchSize: 4,
  });
  try {
    const predictions = await predictor.predict(dataset.rows.map(({ sentence }) => sentence));
    for (const [task, rows] of Object.entries(expected)) {
      const { classes } = trained.tasks.find(({ name }) => name === task) as TrainedModel['tasks'][number];
      for (const [row, logits] of rows.entries()) {
        const prediction = predictions[row][task];
        assertClose(prediction.logits, logits, logitTolerance, `logits of ${task}, row ${row}`);
        const highest = prediction.logits.indexOf(Math.max(...prediction.logits));
        assert.equal(prediction.label, classes[highest]);
      }
    }
  } finally {
    await predictor.close();
  }
}

/** The network as it was before training: what went in must still be there, untouched. */
function untrained({ trained, model, heads, before }: Training): TrainedModel {
  const tensors = new Map([...model.tensors, ...heads]);
  for (const [name, tensor] of tensors)
    assert.ok(before.get(name)?.equals(bytesOf(tensor)), `${name} was written to`);
  return { ...trained, tensors, weightsSha256: 'untrained' };
}

function checkEpochs({ events }: Training, { expected }: TorchCase): void {
  const epochs = eventsOf(events, 'epoch');
  assert.equal(epochs.length, expected.epochs.length);
  for (const [index, torch] of expected.epochs.entries()) {
    const epoch = epochs[index];
    const where = `epoch ${index + 1}`;
    assert.equal(epoch.epoch, index + 1);
    assert.equal(epoch.stepLosses.length, torch.stepLosses.length, `${where}: number of steps`);
    for (const [step, loss] of torch.stepLosses.entries()) {
      assertRelativelyClose(
        epoch.stepLosses[step],
        loss,
        lossTolerance,
        `${where}: loss of step ${step + 1}`,
      );
    }
    assertRelativelyClose(epoch.lossSum, torch.lossSum, lossTolerance, `${where}: lossSum`);
    assertRelativelyClose(
      epoch.loss,
      torch.lossSum / torch.stepLosses.length,
      lossTolerance,
      `${where}: loss`,
    );
    for (const [task, accuracy] of Object.entries(torch.train)) {
      assert.equal(epoch.train[task].accuracy, accuracy, `${where}: accuracy of ${task}`);
    }
    checkValidation(epoch.validation, torch.validation, where);
  }
}

function checkValidation(
  actual: Extract<TrainingEvent, { type: 'epoch' }>['validation'],
  torch: TorchCase['expected']['epochs'][number]['validation'],
  where: string,
): void {
  assert.deepEqual(
    Object.keys(actual ?? {}),
    Object.keys(torch ?? {}),
    `${where}: tasks of the validation split`,
  );
  for (const [task, expected] of Object.entries(torch ?? {})) {
    const evaluation = actual?.[task];
    assert.ok(evaluation);
    assert.deepEqual(evaluation.confusion, expected.confusion, `${where}: confusion of ${task}`);
    assert.equal(evaluation.labelled, expected.labelled, `${where}: labelled rows of ${task}`);
    for (const metric of ['accuracy', 'macroF1', 'loss'] as const) {
      const found: number | null = evaluation[metric];
      const wanted: number | null = expected[metric];
      if (wanted === null || found === null) assert.equal(found, wanted, `${where}: ${metric} of ${task}`);
      else assertRelativelyClose(found, wanted, lossTolerance, `${where}: validation ${metric} of ${task}`);
    }
  }
}

function checkSteps({ events }: Training, { expected }: TorchCase): void {
  const steps = eventsOf(events, 'step');
  const taskLosses = expected.epochs.flatMap((epoch) => epoch.taskLosses ?? []);
  const rates = expected.epochs.flatMap((epoch) => epoch.learningRates ?? []);
  assert.equal(steps.length, rates.length);
  for (const [index, step] of steps.entries()) {
    const where = `step ${index + 1}`;
    assert.equal(step.step, index + 1);
    assertRelativelyClose(step.learningRate, rates[index], 1e-6, `${where}: learning rate`);
    assert.deepEqual(
      Object.keys(step.taskLosses),
      Object.keys(taskLosses[index]),
      `${where}: tasks with labels`,
    );
    for (const [task, loss] of Object.entries(taskLosses[index])) {
      assertRelativelyClose(step.taskLosses[task], loss, lossTolerance, `${where}: loss of ${task}`);
    }
  }
}

function checkValidationLoss({ events }: Training, { expected }: TorchCase): void {
  const losses = expected.epochs.flatMap(({ validationLoss }) => validationLoss ?? []);
  const evaluations = eventsOf(events, 'evaluation');
  assert.equal(evaluations.length, losses.length);
  for (const [index, loss] of losses.entries()) {
    assertRelativelyClose(evaluations[index].loss, loss, lossTolerance, `validation loss ${index + 1}`);
  }
}

function checkCounts({ trained, events }: Training, { expected }: TorchCase): void {
  const [started] = eventsOf(events, 'started');
  for (const counts of [started, trained.result]) {
    assert.equal(counts.trainableParameters, expected.trainableParameters);
    assert.equal(counts.totalParameters, expected.totalParameters);
  }
}

function checkParameters({ trained, before }: Training, { expected }: TorchCase): void {
  assert.deepEqual([...trained.tensors.keys()].sort(), [...before.keys()].sort());
  const changed = [...trained.tensors]
    .filter(([name, tensor]) => !before.get(name)?.equals(bytesOf(tensor)))
    .map(([name]) => name);
  assert.deepEqual(changed.sort(), expected.trainable);
}

/**
 * Trains a case and holds everything that comes out against PyTorch's.
 * @param cacheFolder where the training keeps its features
 */
export function describeCase(torchCase: TorchCase, device: Device, cacheFolder: string): void {
  const { name, expected } = torchCase;
  describe(name, () => {
    let training: Training;
    before(async () => {
      training = await trainCase(torchCase, device, cacheFolder);
    });

    it('reads the same token ids', () => checkTokenIds(training, torchCase));
    it('gives the same embeddings before training', () => checkEmbeddings(training, torchCase, device));
    it('gives the same logits before training', () =>
      checkLogits(untrained(training), training, expected.before.logits, device));
    it('trains with the same losses and accuracies', () => checkEpochs(training, torchCase));
    it('gives the same logits after training', () =>
      checkLogits(training.trained, training, expected.after.logits, device));
    it('counts the same parameters', () => checkCounts(training, torchCase));
    if (expected.frozen && expected.trainable) {
      it('keeps the bytes of frozen parameters and changes all others', () =>
        checkParameters(training, torchCase));
      it('reports each step with its rate and the loss of each task', () => checkSteps(training, torchCase));
      it('evaluates the validation split to the same loss', () => checkValidationLoss(training, torchCase));
    }
  });
}
