import type { Dataset, Split } from '../data/dataset.js';
import { badInput } from '../errors.js';
import { openEncoder, type EncoderOptions } from '../inference/encoder.js';
import type { ResolvedModel } from '../models/model.js';
import { precisions, precisionSha256, type Precision } from '../runtime/precision.js';
import { probe, type ProbeScore } from './probe.js';

/** What a precision costs in quality and gives in speed, on some sentences. */
export interface PrecisionReport {
  precision: Precision;
  precisionSha256: string;
  device: string;
  sentencesPerSecond: number;
  /** Between each sentence's vector and the one in float32. */
  cosine: { mean: number; least: number };
  /** How well linear classifiers read the labels off the vectors, by task; none of tasks with too few labels. */
  probes: Record<string, ProbeScore>;
}

/** The same for all precisions, so that they differ in nothing else. */
const probeSeed = 0;
/** Sentences that are encoded before time is taken. */
const warmUp = 64;

/** Embeds the sentences of a dataset in every precision and measures what becomes of vectors and labels. */
export async function comparePrecisions(
  model: ResolvedModel,
  dataset: Dataset,
  options: Omit<EncoderOptions, 'precision'>,
): Promise<PrecisionReport[]> {
  const sentences = dataset.rows.map(({ sentence }) => sentence);
  if (sentences.length === 0) throw badInput('dataset: expected rows, got none', { path: 'dataset' });
  const reports: PrecisionReport[] = [];
  let exact: Float32Array[] | undefined;
  for (const precision of precisions) {
    const encoder = await openEncoder(model, { ...options, precision });
    try {
      await encoder.embed(sentences.slice(0, warmUp));
      const started = performance.now();
      const vectors = await encoder.embed(sentences, { normalize: true });
      const seconds = (performance.now() - started) / 1000;
      exact ??= vectors;
      reports.push({
        precision,
        precisionSha256: precisionSha256(precision),
        device: encoder.device,
        sentencesPerSecond: sentences.length / seconds,
        cosine: compareVectors(exact, vectors),
        probes: probeTasks(dataset, vectors),
      });
    } finally {
      await encoder.close();
    }
  }
  return reports;
}

/** Cosines of unit vectors with others of the same sentences. */
function compareVectors(exact: readonly Float32Array[], vectors: readonly Float32Array[]) {
  const cosines = vectors.map((vector, row) =>
    vector.reduce((sum, value, column) => sum + value * exact[row]![column]!, 0),
  );
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  return { mean, least: cosines.reduce((least, cosine) => Math.min(least, cosine)) };
}

function probeTasks({ rows, tasks }: Dataset, vectors: readonly Float32Array[]): Record<string, ProbeScore> {
  return Object.fromEntries(
    tasks.flatMap((task): [string, ProbeScore][] => {
      const labelOf = (row: number): string | undefined => rows[row]!.labels[task];
      const labelled = [...rows.keys()].filter((row) => labelOf(row) !== undefined);
      const classes = [...new Set(labelled.map((row) => labelOf(row)!))].sort();
      const indexes = new Map(classes.map((label, index) => [label, index]));
      const rowsOf = (split: Split): number[] => labelled.filter((row) => rows[row]!.split === split);
      const score = probe({
        classes: classes.length,
        width: vectors[0]!.length,
        seed: probeSeed,
        featureOf: (row) => vectors[row]!,
        labelOf: (row) => indexes.get(labelOf(row)!)!,
        trainRows: rowsOf('train'),
        validationRows: rowsOf('validation'),
      });
      return score === null ? [] : [[task, score]];
    }),
  );
}
