import { badInput } from '../../experiments/errors.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';
import { type Page, type PageRequest } from '../db/page.js';
import { type Moment } from './moment.js';
import { unpackPredictions, type PredictionColumns, type TaskColumns } from './predictionsFile.js';
import { readSentences } from './readSentences.js';

export interface PredictionsRequest extends PageRequest {
  runId: string;
  datasetId: string | null;
  moment: Moment;
  task: string;
  /** `row`: as in the dataset; `worst`: where the label was given the least probability first, rows without one last. */
  order: 'row' | 'worst';
  mistakesOnly: boolean;
  /** Only rows with this label, or with this prediction. */
  label: string | null;
  predicted: string | null;
}

/** What a run says of a row for one task. */
export interface Prediction {
  row: number;
  sentence: string;
  label: string | null;
  predicted: string;
  /** Of every class, in the order of the definition; null where it is no number. */
  probabilities: { label: string; probability: number | null }[];
  /** What the row adds to the task's loss before class weights; null without a label, or when it is no finite number. */
  loss: number | null;
}

/** A page of what a run says of its validation rows; null when it has left no predictions of that moment. */
export async function listPredictions(
  database: Database,
  blobs: BlobStore,
  request: PredictionsRequest,
): Promise<Page<Prediction> | null> {
  const columns = await readPredictions(database, blobs, request);
  if (columns === null) return null;
  const task = columns.tasks.get(request.task);
  if (task === undefined) {
    const names = [...columns.tasks.keys()].join(', ');
    throw badInput(`task: expected one of ${names}, got ${JSON.stringify(request.task)}`, { path: 'task' });
  }
  const places = orderedPlaces(task, request);
  const start = request.after === null ? 0 : 1 + placeOf(columns.rows, places, Number(request.after));
  const page = places.slice(start, start + request.first);
  const sentences = await readSentences(
    database,
    request.datasetId,
    page.map((place) => columns.rows[place]!),
  );
  return {
    rows: page.map((place) => describe(task, place, columns.rows[place]!, sentences)),
    totalCount: places.length,
    hasNextPage: start + page.length < places.length,
  };
}

/** All predictions of a run at a moment, in columns; null when it has left none. */
export async function readPredictions(
  { prisma }: Database,
  blobs: BlobStore,
  { runId, moment }: { runId: string; moment: Moment },
): Promise<PredictionColumns | null> {
  const stored = await prisma.runPredictions.findUnique({ where: { runId_moment: { runId, moment } } });
  return stored === null ? null : unpackPredictions(await blobs.get(stored.sha256));
}

function orderedPlaces(
  task: TaskColumns,
  { order, mistakesOnly, label, predicted }: PredictionsRequest,
): number[] {
  const { classes, labels, predicted: said, probabilities } = task;
  const wantedLabel = classOf(task, label, 'label');
  const wantedPrediction = classOf(task, predicted, 'predicted');
  const places: number[] = [];
  for (let place = 0; place < labels.length; place += 1) {
    const actual = labels[place]!;
    if (mistakesOnly && (actual < 0 || actual === said[place])) continue;
    if (wantedLabel !== null && actual !== wantedLabel) continue;
    if (wantedPrediction !== null && said[place] !== wantedPrediction) continue;
    places.push(place);
  }
  if (order === 'row') return places;
  const ofLabel = (place: number): number =>
    labels[place]! < 0 ? Infinity : probabilities[place * classes.length + labels[place]!]!;
  // NaN, of a run that has diverged, is as bad as can be.
  const rank = Float64Array.from(labels, (_, place) => (Number.isNaN(ofLabel(place)) ? -1 : ofLabel(place)));
  return places.sort((a, b) => (rank[a] === rank[b] ? a - b : rank[a]! - rank[b]!));
}

function classOf({ classes }: TaskColumns, name: string | null, path: string): number | null {
  if (name === null) return null;
  const index = classes.indexOf(name);
  if (index >= 0) return index;
  throw badInput(`${path}: expected one of ${classes.join(', ')}, got ${JSON.stringify(name)}`, { path });
}

function placeOf(rows: Int32Array, places: readonly number[], row: number): number {
  const index = places.findIndex((place) => rows[place] === row);
  if (index >= 0) return index;
  throw badInput('after: expected a cursor that this list gave under the same filter', { path: 'after' });
}

function describe(
  task: TaskColumns,
  place: number,
  row: number,
  sentences: ReadonlyMap<number, string>,
): Prediction {
  const { classes, labels, predicted, probabilities } = task;
  const label = labels[place]!;
  const of = (index: number): number | null => finite(probabilities[place * classes.length + index]!);
  const ofLabel = label < 0 ? null : of(label);
  return {
    row,
    sentence: sentences.get(row)!,
    label: label < 0 ? null : classes[label]!,
    predicted: classes[predicted[place]!]!,
    probabilities: classes.map((name, index) => ({ label: name, probability: of(index) })),
    loss: ofLabel === null ? null : finite(-Math.log(ofLabel)),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
