import { createHash } from 'node:crypto';
import type pg from 'pg';
import { appendSeries } from '../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../server/metrics/columns.js';

const presets = [
  { preset: 'full', label: 'full', frozenBlocks: 0, embeddingsFrozen: false, trainableShare: 1 },
  {
    preset: 'head-only',
    label: 'head-only',
    frozenBlocks: 6,
    embeddingsFrozen: true,
    trainableShare: 0.0087,
  },
  {
    preset: null,
    label: 'embeddings + 3 of 6 blocks frozen',
    frozenBlocks: 3,
    embeddingsFrozen: true,
    trainableShare: 0.2431,
  },
  { preset: 'frozen', label: 'frozen', frozenBlocks: 6, embeddingsFrozen: true, trainableShare: 0 },
] as const;
const learningRates = [1e-5, 2e-5, 5e-5, 1e-4];
const TOTAL = 22_713_216;
const STEPS = 60;
/** Curves of so many runs are written in one statement. */
const AT_ONCE = 500;
const STARTED = Date.UTC(2026, 9, 1);

/** The same id for the same place, in every database. */
function idOf(kind: string, index: number): string {
  const digest = createHash('sha256').update(`${kind} ${index}`).digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** Numbers between 0 and 1 that look like chance and are always the same. */
function chance(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

interface SeededRun {
  id: string;
  index: number;
  state: string;
  created: number;
  accuracy: number;
  loss: number;
  seconds: number;
}

function seededRun(index: number, count: number): SeededRun {
  const shift = chance(index + 1);
  const regime = index % presets.length;
  const state = index % 50 === 49 ? 'FAILED' : index % 80 === 79 ? 'CANCELLED' : 'FINISHED';
  return {
    id: idOf('run', index),
    index,
    state,
    created: STARTED + ((index * 45 * 86_400) / count) * 1000,
    accuracy: [0.86, 0.79, 0.85, 0.4][regime]! + 0.08 * shift,
    loss: [0.35, 0.55, 0.38, 1.6][regime]! + 0.2 * (1 - shift),
    seconds: [420, 30, 210, 12][regime]! * (0.8 + 0.4 * shift),
  };
}

/**
 * Fills a database without experiments of these names with runs as a team would have after some months: experiments, four freeze regimes, ten metrics each,
 * a curve of the training loss, tags, some that failed. The oldest has index 0. Returns their ids.
 */
export async function seedRuns(pool: pg.Pool, count: number): Promise<string[]> {
  const experiments = Math.max(1, Math.ceil(count / 200));
  await pool.query(
    `INSERT INTO experiment (id, name, definition, definition_digest)
     SELECT id, name, jsonb_build_object('name', name), '' FROM unnest($1::uuid[], $2::text[]) AS new (id, name)`,
    [
      Array.from({ length: experiments }, (_, index) => idOf('experiment', index)),
      Array.from({ length: experiments }, (_, index) => `study ${index + 1}`),
    ],
  );
  const runs = Array.from({ length: count }, (_, index) => seededRun(index, count));
  await pool.query(
    `INSERT INTO run (id, name, state, experiment_id, definition, definition_digest, seed, "freeze", trainable_parameters,
                      total_parameters, step, total_steps, epoch, epochs, compute_seconds, tags, created_at, started_at,
                      finished_at, error_code, error_message)
     SELECT id, name, state::run_state, experiment, definition, digest, seed, "freeze", trainable, $2, ${STEPS}, ${STEPS}, 4, 4, seconds,
            ARRAY(SELECT jsonb_array_elements_text(tags)), created, created + interval '3 seconds',
            created + make_interval(secs => seconds + 3),
            CASE state WHEN 'FAILED' THEN 'INTERNAL' END, CASE state WHEN 'FAILED' THEN 'the loss is NaN' END
     FROM jsonb_to_recordset($1) AS new (id uuid, name text, state text, experiment uuid, definition jsonb, digest text, seed int,
            "freeze" jsonb, trainable int, seconds float8, tags jsonb, created timestamptz)
     ORDER BY created`,
    [JSON.stringify(runs.map((run) => rowOf(run, experiments))), TOTAL],
  );
  await pool.query(
    `INSERT INTO attempt (run_id, number, state, device, first_step, last_step, started_at, finished_at, compacted_at)
     SELECT id, 1, state, 'cpu', 0, step, started_at, finished_at, finished_at FROM run WHERE id = ANY ($1)`,
    [runs.map(({ id }) => id)],
  );
  await insertSummaries(pool, runs);
  await appendCurves(pool, runs);
  await pool.query('ANALYZE run, metric_summary, metric_chunk, attempt, experiment');
  return runs.map(({ id }) => id);
}

function rowOf({ id, index, state, created, seconds }: SeededRun, experiments: number): object {
  const regime = presets[index % presets.length]!;
  const learningRate = learningRates[Math.floor(index / presets.length) % learningRates.length]!;
  const seed = 1 + (Math.floor(index / 16) % 5);
  const name = `${regime.label}, ${learningRate}, seed ${seed}`;
  const freeze = { ...regime, totalBlocks: 6, frozenHeads: [] };
  const definition = {
    name,
    model: 'sentence-transformers/all-MiniLM-L6-v2',
    dataset: index % 3 === 2 ? 'reviews@1' : 'news@2',
    tasks: [
      { name: 'topic', classes: ['Business', 'Science', 'Sports', 'World'], weight: 1, hidden: 256 },
      { name: 'sentiment', classes: ['Negative', 'Positive'], weight: 1, hidden: 256 },
    ],
    freeze: {
      preset: regime.preset,
      embeddings: regime.embeddingsFrozen,
      blocks: regime.frozenBlocks,
      heads: [],
    },
    training: { epochs: 4, batchSize: 16, learningRate, dropout: 0.1, maxLength: 128, seed },
  };
  return {
    ...{ id, name, state, definition, seed, freeze, seconds },
    experiment: idOf('experiment', Math.min(experiments - 1, Math.floor(index / 200))),
    digest: idOf('definition', index),
    trainable: Math.round(TOTAL * regime.trainableShare),
    tags: [...(index % 97 === 0 ? ['best'] : []), ...(index % 10 === 3 ? ['to check'] : [])],
    created: new Date(created).toISOString(),
  };
}

async function insertSummaries(pool: pg.Pool, runs: readonly SeededRun[]): Promise<void> {
  const metrics = (run: SeededRun): Record<string, number> => ({
    'epoch/loss': run.loss * 0.9,
    'epoch/lossSum': run.loss * 14,
    'epoch/seconds': run.seconds / 4,
    'epoch/topic/accuracy': Math.min(1, run.accuracy + 0.03),
    'epoch/sentiment/accuracy': Math.min(1, run.accuracy + 0.01),
    'validation/loss': run.state === 'FAILED' ? NaN : run.loss,
    'validation/topic/accuracy': run.accuracy,
    'validation/topic/macroF1': run.accuracy - 0.01,
    'validation/sentiment/accuracy': run.accuracy - 0.02,
    'validation/sentiment/macroF1': run.accuracy - 0.03,
  });
  const ids: string[] = [];
  const names: string[] = [];
  const values: number[] = [];
  for (const run of runs)
    for (const [name, value] of Object.entries(metrics(run))) {
      ids.push(run.id);
      names.push(name);
      values.push(value);
    }
  await pool.query(
    `INSERT INTO metric_summary (run_id, name, count, non_finite, last, first_step, last_step, min, min_step, max, max_step)
     SELECT id, name, 4, CASE last WHEN 'NaN' THEN 1 ELSE 0 END, last, 15, ${STEPS}, nullif(last, 'NaN') * 0.95, 15,
            nullif(last, 'NaN') * 1.05, 30
     FROM unnest($1::uuid[], $2::text[], $3::float8[]) AS new (id, name, last)`,
    [ids, names, values],
  );
}

async function appendCurves(pool: pg.Pool, runs: readonly SeededRun[]): Promise<void> {
  const steps = Array.from({ length: STEPS }, (_, step) => step + 1);
  for (let start = 0; start < runs.length; start += AT_ONCE)
    await appendSeries(
      pool,
      runs.slice(start, start + AT_ONCE).map((run) => ({
        runId: run.id,
        attempt: 1,
        name: 'train/loss',
        points: pointsOf(
          steps,
          steps.map(
            (step) => run.loss + 1.5 * Math.exp(-step / 12) + 0.05 * chance(run.index * STEPS + step),
          ),
          steps.map((step) => run.created + step * 1000),
        ),
      })),
    );
}
