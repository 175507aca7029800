import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { bindTasks } from '../../experiments/data/labels.js';
import { readDatasetFile, type Dataset } from '../../experiments/data/dataset.js';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { planFreeze } from '../../experiments/freeze/plan.js';
import { checkExportFolder } from '../../experiments/models/export.js';
import { modelLayout } from '../../experiments/models/layout.js';
import { resolveModel, type ResolvedModel, type ResolveOptions } from '../../experiments/models/resolver.js';
import type { HostTensor } from '../../experiments/models/safetensors.js';
import { readInitialWeights } from '../../experiments/models/weights/initial.js';
import { parseDefinition, type Definition } from '../../experiments/schema/definition.js';
import { applySettings } from '../../experiments/schema/settings.js';
import { expandSweep } from '../../experiments/schema/sweep.js';
import type { Config } from '../config.js';
import { modelSources } from './modelSources.js';
import { printNotice } from './printNotice.js';

/** Everything a run needs. */
export interface PreparedRun {
  definition: Definition;
  dataset: Dataset;
  model: ResolvedModel;
  initialWeights?: Map<string, HostTensor>;
  /** Where the trained model is to be written. */
  out?: string;
  /** Whether it is one of several. */
  ofSweep: boolean;
}

/**
 * Reads and checks all that a definition file asks for, before anything is computed or written: one run, or those of its sweep,
 * each with a numbered folder below `out`.
 */
export async function prepareRuns(
  definitionPath: string,
  options: { set?: string[]; out?: string; signal?: AbortSignal },
  config: Config,
): Promise<PreparedRun[]> {
  const source = definitionPath;
  const json = applySettings(readJson(definitionPath), options.set ?? []);
  const { definition, sweep } = parseDefinition(json, { source });
  if (sweep?.pruning) printNotice('runs are pruned by a server only: here each is trained to its end');
  const definitions = expandSweep(definition, sweep);
  const loader = new Loader(dirname(resolve(definitionPath)), source, {
    ...modelSources(config),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const runs: PreparedRun[] = [];
  for (const [index, one] of definitions.entries()) {
    const out = sweep === null ? options.out : options.out && join(options.out, String(index + 1));
    if (out !== undefined) checkExportFolder(out);
    try {
      runs.push({ ...(await loader.prepare(one)), out, ofSweep: sweep !== null });
    } catch (error) {
      // What only the model or the dataset can tell is still about the definition.
      if (!(error instanceof FrostlineError) || error.source !== undefined) throw error;
      const { code, message, path, cause } = error;
      throw new FrostlineError(code, message, { path, source, cause });
    }
  }
  return runs;
}

/** Reads and checks all that one definition asks for; its files are relative to `baseFolder`. */
export function prepareRun(
  definition: Definition,
  { baseFolder, source, signal }: { baseFolder: string; source: string; signal?: AbortSignal },
  config: Config,
): Promise<Omit<PreparedRun, 'out' | 'ofSweep'>> {
  const sources = { ...modelSources(config), ...(signal === undefined ? {} : { signal }) };
  return new Loader(baseFolder, source, sources).prepare(definition);
}

/** Loads what definitions name, and what several of them share once. */
class Loader {
  private readonly datasets = new Map<string, Promise<Dataset>>();
  private readonly models = new Map<string, Promise<ResolvedModel>>();

  constructor(
    private readonly baseFolder: string,
    private readonly source: string,
    private readonly sources: ResolveOptions,
  ) {}

  async prepare(definition: Definition): Promise<Omit<PreparedRun, 'out' | 'ofSweep'>> {
    const { source, baseFolder } = this;
    const datasetPath = resolve(baseFolder, definition.dataset);
    const dataset = await once(this.datasets, datasetPath, () => readDatasetFile(datasetPath));
    const tasks = bindTasks(dataset, definition.tasks, { source });

    const { seed, maxLength } = definition.training;
    const model = await once(this.models, `${definition.model}\0${seed}`, () =>
      resolveModel(definition.model, { ...this.sources, baseFolder, seed }),
    );
    const { maxPositions } = model.config;
    if (maxLength > maxPositions) {
      const path = 'training.maxLength';
      const message = `${path}: expected at most ${maxPositions}, the positions the model has, got ${maxLength}`;
      throw badInput(message, { path, source });
    }
    const layout = modelLayout(model.config, tasks);
    planFreeze(definition.freeze, layout);
    if (definition.initialWeights === null) return { definition, dataset, model };
    const weightsPath = resolve(baseFolder, definition.initialWeights);
    return {
      definition,
      dataset,
      model,
      initialWeights: readInitialWeights(weightsPath, layout, model.config),
    };
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? load();
  known.set(key, value);
  return value;
}

export function readJson(path: string): unknown {
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
