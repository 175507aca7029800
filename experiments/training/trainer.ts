import { hiddenInput, logitsOutput } from '../models/sentenceModel.js';
import { gradientOf } from '../runtime/program.js';
import type { TensorBuffer } from '../runtime/runtime.js';
import { adamStep, clipFactor, gradientNorm } from './optimizer/adam.js';
import { batchInputs, type HiddenSource } from './batches/batchInputs.js';
import { largestBatchSizes } from './batches/batchSizes.js';
import { DropoutMasks } from './batches/dropoutMasks.js';
import { baseLearningRate, scheduleFactor } from './optimizer/learningRate.js';
import { TaskTally } from './evaluation/metrics.js';
import type { Network } from './network.js';
import { batchesByLength, type PackedBatch } from './batches/packedBatch.js';
import type { ParameterStore, TrainableParameter } from './optimizer/parameterStore.js';
import type { TrainingSetup } from './setup.js';
import { ReusedBuffer } from './batches/reusedBuffer.js';
import { batchTargets, type BatchTargets } from './batches/targets.js';
import type { TaskEvaluation } from './events.js';

/** What one optimizer step came to. */
export interface StepResult {
  loss: number;
  /** Loss of each task that had a labelled row, before its weight. */
  taskLosses: Record<string, number>;
  learningRate: number;
}

interface LabelledBatch {
  rows: readonly number[];
  targets: BatchTargets;
}

/** Tokens that are evaluated at a time. */
const tokensPerEvaluation = 2048;
const rowsPerEvaluation = 256;

/** Carries out optimizer steps and evaluations on one compiled network. */
export class Trainer {
  readonly #masks: DropoutMasks;
  readonly #hidden = new ReusedBuffer();
  #predicted: { rows: readonly number[]; logits: Record<string, Float32Array> } | undefined;

  constructor(
    private readonly setup: TrainingSetup,
    private readonly network: Network,
    private readonly store: ParameterStore,
    private readonly source: HiddenSource,
    private readonly totalSteps: number,
  ) {
    const { tokenized, trainRows, settings } = setup;
    const largest = largestBatchSizes(tokenized, trainRows, settings.batchSize);
    this.#masks = new DropoutMasks(network.masks, settings.seed, largest);
  }

  /**
   * One optimizer step over one or (with gradient accumulation) several batches of rows. Returns null, and does nothing, when no row
   * carries a label.
   * @param step 0-based count of the optimizer steps before this one
   * @param tallies take the logits of every row as it was seen
   */
  async step(
    batches: readonly (readonly number[])[],
    step: number,
    tallies: ReadonlyMap<string, TaskTally>,
  ): Promise<StepResult | null> {
    const { tasks, settings } = this.setup;
    const labelled = batches
      .map((rows): LabelledBatch => ({ rows, targets: batchTargets(tasks, rows) }))
      .filter(({ targets }) => targets.labelled.size > 0);
    if (labelled.length === 0) return null;
    this.#predicted = undefined;

    const result: StepResult = { loss: 0, taskLosses: {}, learningRate: settings.learningRate };
    const factor = scheduleFactor(settings, step, this.totalSteps);
    result.learningRate *= factor;
    const share = 1 / labelled.length;
    const packed: PackedBatch[] = [];
    for (const [index, batch] of labelled.entries()) {
      const inputs = batchInputs(
        this.source,
        this.setup.request.model.config,
        this.setup.tokenized,
        batch.rows,
        this.#hidden,
        this.network.stepGrids,
      );
      // Micro-batches of one step draw masks of their own.
      const masks = this.#masks.draw(step * settings.gradientAccumulation + index, inputs.sizes);
      const feeds = { ...inputs.feeds, ...batch.targets.feeds, ...masks, ...this.network.parameters };
      const outputs = await this.network.step.run(feeds, this.network.gradients);
      this.#count(batch, outputs, tallies, result, share);
      if (settings.gradientAccumulation > 1) this.#accumulate(share);
      if (this.source.kind === 'tables' && this.network.trainsTables && inputs.packed !== null) {
        packed.push(inputs.packed);
        const gradient = outputs[gradientOf(hiddenInput)].data as Float32Array;
        this.source.tables.scatter(inputs.packed, gradient, this.store, share);
      }
    }
    this.#update(labelled, factor);
    if (this.source.kind === 'tables') this.source.tables.clear(packed, this.store);
    return result;
  }

  /** Loss, accuracy, macro-F1 and confusion of every task over the given rows, with nothing dropped. */
  async evaluate(rows: readonly number[]): Promise<Record<string, TaskEvaluation>> {
    const logits = await this.predict(rows);
    return Object.fromEntries(
      this.setup.tasks.map((task) => {
        const tally = new TaskTally(task);
        tally.add(rows, logits[task.name]);
        return [task.name, tally.evaluation()];
      }),
    );
  }

  /** Logits [rows, classes] of every task, with nothing dropped; those of the last call when no step came between. */
  async predict(rows: readonly number[]): Promise<Record<string, Float32Array>> {
    if (this.#predicted?.rows === rows) return this.#predicted.logits;
    const { tasks, tokenized, request } = this.setup;
    const logits = Object.fromEntries(
      tasks.map(({ name, classes }) => [name, new Float32Array(rows.length * classes.length)]),
    );
    const places = new Map(rows.map((row, place) => [row, place]));
    for (const batch of this.#evaluationBatches(rows)) {
      const inputs = batchInputs(this.source, request.model.config, tokenized, batch, this.#hidden);
      const outputs = await this.network.predict.run({ ...inputs.feeds, ...this.network.parameters });
      for (const { name, classes } of tasks) {
        const { data } = outputs[logitsOutput(name)];
        batch.forEach((row, index) => {
          const values = data.subarray(index * classes.length, (index + 1) * classes.length);
          logits[name].set(values, (places.get(row) as number) * classes.length);
        });
      }
    }
    this.#predicted = { rows, logits };
    return logits;
  }

  #count(
    { rows }: LabelledBatch,
    outputs: Record<string, TensorBuffer>,
    tallies: ReadonlyMap<string, TaskTally>,
    result: StepResult,
    share: number,
  ): void {
    result.loss += outputs['loss'].data[0] * share;
    for (const [name, tally] of tallies) {
      const loss = tally.add(rows, outputs[logitsOutput(name)].data as Float32Array);
      if (loss !== null) result.taskLosses[name] = (result.taskLosses[name] ?? 0) + loss * share;
    }
  }

  #accumulate(share: number): void {
    const { kernels } = this.store.arena;
    for (const { incoming, gradient, info } of this.store.parameters.values()) {
      if (this.network.parameters[info.name] === undefined) continue; // a table, whose gradient is scattered
      kernels.addScaled(gradient.pointer, incoming.pointer, Math.ceil(gradient.data.length / 4) * 4, share);
    }
  }

  #update(labelled: readonly LabelledBatch[], factor: number): void {
    const { settings, request, plan } = this.setup;
    const { blocks } = request.model.config;
    const withLabels = new Set(labelled.flatMap(({ targets }) => [...targets.labelled]));
    const active = ({ info: { name, task } }: TrainableParameter): boolean =>
      plan.trainable.has(name) && (task === null || withLabels.has(task));
    const gradientScale =
      settings.clipNorm === null ? 1 : clipFactor(gradientNorm(this.store, active), settings.clipNorm);
    adamStep(this.store, {
      learningRate: ({ info }) => baseLearningRate(settings, info, blocks) * factor,
      weightDecay: settings.weightDecay,
      gradientScale,
      active,
    });
    if (settings.gradientAccumulation > 1) {
      for (const { gradient, touched } of this.store.parameters.values())
        if (touched === null) gradient.data.fill(0);
    }
  }

  #evaluationBatches(rows: readonly number[]): number[][] {
    if (this.source.kind === 'pooled') {
      const batches: number[][] = [];
      for (let start = 0; start < rows.length; start += rowsPerEvaluation) {
        batches.push(rows.slice(start, start + rowsPerEvaluation));
      }
      return batches;
    }
    return batchesByLength(this.setup.tokenized, { maxTokens: tokensPerEvaluation }, rows);
  }
}
