import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { badInput, FrostlineError } from '../../experiments/errors.js';
import { bindTasks } from '../../experiments/data/labels.js';
import { readDatasetFile, type Dataset } from '../../experiments/data/dataset.js';
import { planFreeze } from '../../experiments/freeze/plan.js';
import { checkExportFolder, exportModel } from '../../experiments/models/export.js';
import { modelLayout } from '../../experiments/models/layout.js';
import { resolveModel, type ResolvedModel } from '../../experiments/models/resolver.js';
import type { HostTensor } from '../../experiments/models/safetensors.js';
import { readInitialWeights } from '../../experiments/models/weights/initial.js';
import { parseDefinition, type Definition } from '../../experiments/schema/definition.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import { applySettings } from '../../experiments/schema/settings.js';
import { expandSweep } from '../../experiments/schema/sweep.js';
import { train as runTraining } from '../../experiments/training/train.js';
import { productVersion, readConfig } from '../config.js';
import { modelSources } from './modelSources.js';
import { parseComputeOptions, type ComputeOptions } from './options.js';
import { trainingReporter } from './trainingReporter.js';

export interface TrainOptions extends ComputeOptions {
  set?: string[];
  out?: string;
  resume?: boolean;
  json?: boolean;
}

/** Everything a run needs, read and checked before anything is computed or written. */
interface PreparedRun {
  definition: Definition;
  dataset: Dataset;
  model: ResolvedModel;
  initialWeights?: Map<string, HostTensor>;
  out?: string;
}

/** `frostline train`: the run, or the runs of a sweep, that a definition asks for. */
export async function train(definitionPath: string, options: TrainOptions): Promise<void> {
  const compute = parseComputeOptions(options);
  const config = readConfig();
  if (options.resume && options.out === undefined) {
    throw badInput('--resume: expected --out beside it, the folder with the checkpoints', {
      path: '--resume',
    });
  }
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    for (const run of await prepareRuns(definitionPath, options)) {
      const reporter = trainingReporter(run.definition, { json: options.json === true });
      try {
        const trained = await runTraining({
          ...compute,
          definition: run.definition,
          dataset: run.dataset,
          model: run.model,
          initialWeights: run.initialWeights,
          cacheFolder: config.cacheFolder,
          ...(run.out === undefined ? {} : { outputFolder: join(run.out, 'checkpoints') }),
          resume: options.resume === true,
          signal: controller.signal,
          onEvent: reporter.onEvent,
        });
        if (run.out !== undefined) {
          await exportModel(trained, run.out, {
            frostline: productVersion(config),
            definition: run.definition,
            definitionDigest: definitionDigest(run.definition),
            datasetDigest: run.dataset.digest,
            backbone: {
              source: run.model.source,
              weightsSha256: run.model.weightsSha256,
              tokenizerSha256: run.model.tokenizerSha256,
              randomWeights: run.model.randomWeights,
            },
          });
        }
        reporter.finish(trained.result, run.out);
      } finally {
        reporter.close();
      }
    }
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

async function prepareRuns(definitionPath: string, options: TrainOptions): Promise<PreparedRun[]> {
  const source = definitionPath;
  const json = applySettings(readJson(definitionPath), options.set ?? []);
  const { definition, sweep } = parseDefinition(json, { source });
  const definitions = expandSweep(definition, sweep);
  const runs: PreparedRun[] = [];
  for (const [index, one] of definitions.entries()) {
    const out = definitions.length === 1 ? options.out : options.out && join(options.out, String(index + 1));
    if (out !== undefined) checkExportFolder(out);
    try {
      runs.push({ ...(await prepareRun(one, dirname(resolve(definitionPath)), source)), out });
    } catch (error) {
      // What only the model or the dataset can tell is still about the definition.
      if (!(error instanceof FrostlineError) || error.source !== undefined) throw error;
      const { code, message, path, cause } = error;
      throw new FrostlineError(code, message, { path, source, cause });
    }
  }
  return runs;
}

async function prepareRun(definition: Definition, baseFolder: string, source: string): Promise<PreparedRun> {
  const dataset = await readDatasetFile(resolve(baseFolder, definition.dataset));
  const tasks = bindTasks(dataset, definition.tasks, { source });
  const { seed, maxLength } = definition.training;
  const model = await resolveModel(definition.model, { ...modelSources(readConfig()), baseFolder, seed });
  const { maxPositions } = model.config;
  if (maxLength > maxPositions) {
    const path = 'training.maxLength';
    throw badInput(
      `${path}: expected at most ${maxPositions}, the positions the model has, got ${maxLength}`,
      { path, source },
    );
  }
  const layout = modelLayout(model.config, tasks);
  planFreeze(definition.freeze, layout);
  if (definition.initialWeights === null) return { definition, dataset, model };
  const path = resolve(baseFolder, definition.initialWeights);
  return { definition, dataset, model, initialWeights: readInitialWeights(path, layout, model.config) };
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? 'there is no such file' : (error as Error).message;
    throw badInput(`expected a definition, a JSON file, ${what}`, { source: path, cause: error });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw badInput(`expected a definition in JSON, ${(error as Error).message}`, {
      source: path,
      cause: error,
    });
  }
}
