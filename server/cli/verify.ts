import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { badInput, FrostlineError } from '../../experiments/errors.js';
import { exportRecordName, type ExportRecord } from '../../experiments/models/export.js';
import { parseDefinition, type Definition } from '../../experiments/schema/definition.js';
import { verify as runAgain, type Verification } from '../../experiments/training/verify.js';
import { readConfig } from '../config.js';
import { launchProvenance } from '../provenance/launchProvenance.js';
import { parseComputeOptions, type ComputeOptions } from './options.js';
import { prepareRun, readJson } from './prepareRuns.js';
import type { KeptRun } from './train.js';
import { trainingReporter } from './trainingReporter.js';

export interface VerifyOptions extends Pick<ComputeOptions, 'device' | 'threads'> {
  definition?: string;
  dataset?: string;
  model?: string;
  fork?: string;
  json?: boolean;
}

/** `frostline verify`: runs a kept run again and says whether every bit is the same; else the exit status is 1. */
export async function verify(folder: string, options: VerifyOptions): Promise<void> {
  const compute = parseComputeOptions(options);
  const config = readConfig();
  const record = readKeptRun(folder);
  checkFiles(folder, record);
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);

  const { definition, baseFolder, source } = definitionOf(folder, record, options);
  const { signal } = controller;
  const prepared = await prepareRun(definition, { baseFolder, source, signal }, config);
  const fork = options.fork ?? (record.launchedFrom.fork && join(folder, record.launchedFrom.fork));
  const { threads } = record.run.provenance;
  const reporter = trainingReporter(definition, { json: true, ofSweep: false });
  let found: Verification;
  try {
    found = await runAgain(
      record.run,
      {
        threads,
        ...compute,
        ...prepared,
        ...(fork === undefined ? {} : { forkFrom: { checkpoint: fork } }),
        signal,
        onEvent: (event) => {
          if (event.type !== 'epoch') reporter.onEvent(event);
        },
      },
      launchProvenance(config, compute.threads ?? threads),
    );
  } finally {
    reporter.close();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  const lines = options.json === true ? [JSON.stringify(found)] : describe(found);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (!found.equal) process.exitCode = 1;
}

function readKeptRun(folder: string): KeptRun & ExportRecord {
  const path = join(folder, exportRecordName);
  if (!existsSync(path)) {
    throw badInput(`expected a folder that train --out wrote, it holds no ${exportRecordName}`, {
      source: folder,
    });
  }
  const record = readJson(path) as Partial<KeptRun & ExportRecord>;
  if (record.run === undefined || record.definition === undefined || record.launchedFrom === undefined) {
    throw badInput('expected the record of a run, which this one lacks', { path: 'run', source: path });
  }
  return record as KeptRun & ExportRecord;
}

/** The weights that the folder keeps must be those that were written, or there is nothing to vouch for. */
function checkFiles(folder: string, { files }: ExportRecord): void {
  for (const [name, expected] of Object.entries(files)) {
    const source = join(folder, name);
    const found = createHash('sha256').update(readFileSync(source)).digest('hex');
    if (found === expected) continue;
    throw new FrostlineError(
      'CORRUPT',
      `expected SHA-256 ${expected}, as ${exportRecordName} says, got ${found}`,
      { source },
    );
  }
}

/** The recorded definition, or the one given in its place; with the files that options name. */
function definitionOf(
  folder: string,
  record: KeptRun,
  { definition: file, dataset, model }: VerifyOptions,
): { definition: Definition; baseFolder: string; source: string } {
  const source = file ?? join(folder, record.launchedFrom.definition);
  const definition =
    file === undefined ? record.definition : parseDefinition(readJson(file), { source: file }).definition;
  const replaced = {
    ...definition,
    ...(dataset === undefined ? {} : { dataset: resolve(dataset) }),
    ...(model === undefined ? {} : { model: existsSync(model) ? resolve(model) : model }),
  };
  return { definition: replaced, baseFolder: dirname(resolve(source)), source };
}

function describe(found: Verification): string[] {
  const { equal, changes, notPromised, steps, firstStep, firstTensor, weightsSha256 } = found;
  const lines = changes.map(({ input, detail }) => `changed ${input}: ${detail}`);
  if (equal) lines.push(`equal: ${steps.compared} steps and the weights ${weightsSha256.was}`);
  else {
    if (firstStep !== null) {
      const { step, epoch, was, is } = firstStep;
      lines.push(
        `diverged at step ${step} (epoch ${epoch}): loss ${was ?? 'none'} was recorded, it is ${is ?? 'none'}`,
      );
    } else lines.push(`diverged: the ${steps.compared} steps compared have equal losses, the weights differ`);
    if (firstTensor !== null)
      lines.push(`first tensor that differs after epoch ${firstTensor.epoch}: ${firstTensor.name}`);
    else if (weightsSha256.is !== null)
      lines.push(`weights: ${weightsSha256.was} was recorded, it is ${weightsSha256.is}`);
    if (changes.length === 0) lines.push('no recorded input has changed');
  }
  if (notPromised.length > 0) lines.push(`equal bits are not promised here: ${notPromised.join('; ')}`);
  return lines;
}
