import { join } from 'node:path';

import { badInput } from '../../experiments/errors.js';
import { exportModel } from '../../experiments/models/export.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import { train as runTraining } from '../../experiments/training/train.js';
import { productVersion, readConfig } from '../config.js';
import { parseComputeOptions, type ComputeOptions } from './options.js';
import { prepareRuns } from './prepareRuns.js';
import { trainingReporter } from './trainingReporter.js';

export interface TrainOptions extends ComputeOptions {
  set?: string[];
  out?: string;
  resume?: boolean;
  json?: boolean;
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
    for (const run of await prepareRuns(definitionPath, { ...options, signal: controller.signal }, config)) {
      const reporter = trainingReporter(run.definition, {
        json: options.json === true,
        ofSweep: run.ofSweep,
      });
      try {
        const trained = await runTraining({
          ...compute,
          definition: run.definition,
          dataset: run.dataset,
          model: run.model,
          initialWeights: run.initialWeights,
          cacheFolder: config.cacheFolder,
          cacheBytes: config.featureCacheBytes,
          ...(run.out === undefined ? {} : { outputFolder: join(run.out, 'checkpoints') }),
          resume: options.resume === true,
          signal: controller.signal,
          onEvent: reporter.onEvent,
        });
        if (run.out !== undefined) {
          const record = {
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
          };
          const predictions = trained.predictions.map((row) => `${JSON.stringify(row)}\n`).join('');
          await exportModel(trained, run.out, record, { 'validation-predictions.jsonl': predictions });
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
