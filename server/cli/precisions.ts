import { comparePrecisions, type PrecisionReport } from '../../experiments/advice/comparePrecisions.js';
import { readDatasetFile } from '../../experiments/data/dataset.js';
import { resolveModel } from '../../experiments/models/resolver.js';
import { readConfig } from '../config.js';
import { modelSources } from './modelSources.js';
import { parseComputeOptions, type ModelOptions } from './options.js';
import { printNotice } from './printNotice.js';

export interface PrecisionsOptions extends ModelOptions {
  json?: boolean;
}

/** `frostline precisions`: what each precision costs in quality and gives in speed, on the sentences of a file. */
export async function precisions(file: string, { json, ...options }: PrecisionsOptions): Promise<void> {
  const compute = parseComputeOptions(options);
  const dataset = await readDatasetFile(file);
  const model = await resolveModel(options.model, modelSources(readConfig()));
  const reports = await comparePrecisions(model, dataset, { onNotice: printNotice, ...compute });
  process.stdout.write(json === true ? `${JSON.stringify(reports)}\n` : describe(reports));
}

function describe(reports: readonly PrecisionReport[]): string {
  const tasks = Object.keys(reports[0]!.probes);
  const header = [
    'precision',
    'sentences/s',
    'mean cosine',
    'least',
    ...tasks.map((task) => `${task}: probe`),
  ];
  const lines = reports.map(({ precision, sentencesPerSecond, cosine, probes }) => [
    precision,
    sentencesPerSecond.toFixed(0),
    cosine.mean.toFixed(5),
    cosine.least.toFixed(5),
    ...tasks.map((task) => percent(probes[task]!)),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]!.length)),
  );
  return [header, ...lines]
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function percent({ accuracy, standardError }: { accuracy: number; standardError: number }): string {
  return `${(100 * accuracy).toFixed(1)} ± ${(100 * standardError).toFixed(1)} %`;
}
