import { dirname, relative, resolve } from 'node:path';

import { badInput } from '../../experiments/errors.js';
import { exportModel } from '../../experiments/models/export.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import type { Definition } from '../../experiments/schema/types.js';
import { makeRunRecord, type RunRecord } from '../../experiments/training/runRecord.js';
import type { EpochEvent } from '../../experiments/training/events.js';
import { train as runTraining, type TrainRequest } from '../../experiments/training/train.js';
import { trainingCard } from '../../experiments/training/trainingCard.js';
import { productVersion, readConfig } from '../config.js';
import { launchProvenance } from '../provenance/launchProvenance.js';
import { parseComputeOptions, parseCount, type ComputeOptions } from './options.js';
import { prepareRuns } from './prepareRuns.js';
import { checkpointsFolder, refuseUnfinishedRun } from './refuseUnfinishedRun.js';
import { trainingReporter } from './trainingReporter.js';

export interface TrainOptions extends ComputeOptions {
  set?: string[];
  out?: string;
  resume?: boolean;
  resumeStep?: string;
  overwrite?: boolean;
  fork?: string;
  json?: boolean;
}

/** What a run adds to the frostline.json of its folder. */
export interface KeptRun {
  definition: Definition;
  /** Files it was launched with, relative to the folder. */
  launchedFrom: { definition: string; fork?: string };
  run: RunRecord;
}

/** `frostline train`: the run, or the runs of a sweep, that a definition asks for. */
export async function train(definitionPath: string, options: TrainOptions): Promise<void> {
  const compute = parseComputeOptions(options);
  const config = readConfig();
  const resume = parseResume(options);
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const runs = await prepareRuns(definitionPath, { ...options, signal: controller.signal }, config);
    for (const { out } of runs) {
      if (out === undefined) continue;
      if (resume === false && options.overwrite !== true) refuseUnfinishedRun(out);
      if (options.fork !== undefined) refuseForkOfItself(options.fork, out);
    }
    const launch = options.out === undefined ? null : launchProvenance(config, compute.threads);
    for (const run of runs) {
      const reporter = trainingReporter(run.definition, {
        json: options.json === true,
        ofSweep: run.ofSweep,
      });
      try {
        let lastEpoch: EpochEvent | undefined;
        const request: TrainRequest = {
          ...compute,
          definition: run.definition,
          dataset: run.dataset,
          model: run.model,
          initialWeights: run.initialWeights,
          cacheFolder: config.cacheFolder,
          cacheBytes: config.featureCacheBytes,
          ...(run.out === undefined ? {} : { outputFolder: checkpointsFolder(run.out) }),
          resume,
          ...(options.fork === undefined ? {} : { forkFrom: { checkpoint: options.fork } }),
          digests: run.out !== undefined,
          signal: controller.signal,
          onEvent: (event) => {
            if (event.type === 'epoch') lastEpoch = event;
            return reporter.onEvent(event);
          },
        };
        const trained = await runTraining(request);
        if (run.out !== undefined && launch !== null) {
          const version = productVersion(config);
          const record = {
            frostline: version,
            definition: run.definition,
            definitionDigest: definitionDigest(run.definition),
            datasetDigest: run.dataset.digest,
            backbone: {
              source: run.model.source,
              weightsSha256: run.model.weightsSha256,
              tokenizerSha256: run.model.tokenizerSha256,
              randomWeights: run.model.randomWeights,
            },
            launchedFrom: {
              definition: relative(run.out, definitionPath),
              ...(options.fork === undefined ? {} : { fork: relative(run.out, options.fork) }),
            },
            run: makeRunRecord(trained, request, launch),
          } satisfies KeptRun & Record<string, unknown>;
          const predictions = trained.predictions.map((row) => `${JSON.stringify(row)}\n`).join('');
          await exportModel(trained, run.out, {
            record,
            attachments: { 'validation-predictions.jsonl': predictions },
            card: trainingCard(run, trained, { lastEpoch, version }),
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

function parseResume({ resume, resumeStep, overwrite, out }: TrainOptions): boolean | number {
  const option = resume === true ? '--resume' : '--resume-step';
  if (resume !== true && resumeStep === undefined) return false;
  if (out === undefined) {
    throw badInput(`${option}: expected --out beside it, the folder with the checkpoints`, { path: option });
  }
  if (overwrite === true) {
    throw badInput(`${option}: expected no --overwrite beside it, which begins anew`, { path: option });
  }
  return resumeStep === undefined ? true : parseCount('--resume-step', resumeStep);
}

/** A run that begins anew removes the checkpoints in its folder, and must not lose the one that it comes from. */
function refuseForkOfItself(checkpoint: string, out: string): void {
  if (dirname(resolve(checkpoint)) !== resolve(checkpointsFolder(out))) return;
  throw badInput('--fork: expected a checkpoint outside of --out, or another --out', { path: '--fork' });
}
