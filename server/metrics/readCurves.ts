import type pg from 'pg';
import { badInput } from '../../experiments/errors.js';
import { type Axis, type Bucket, downsampleSegments } from './downsample.js';
import { type AttemptChoice, countWithin, EVERY_STEP, readSegments, type StepRange } from './readSegments.js';

/** A history reduced to what a curve needs. */
export interface Curve {
  runId: string;
  name: string;
  /** null when the history is put together from all attempts. */
  attempt: number | null;
  /** Number of points before they were gathered into buckets. */
  count: number;
  nonFinite: number;
  buckets: Bucket[];
}

export interface CurveRequest {
  runIds: readonly string[];
  /** null: all that a run has. */
  names: readonly string[] | null;
  maxPoints: number;
  axis?: Axis;
  attempts?: AttemptChoice;
  /** Only the points of these steps. */
  range?: StepRange;
}

/** A bucket of so many points or more is drawn from granules: at least four of them. */
const POINTS_A_BUCKET = 64;
/** Points a statement, or as many bytes of granules: they are reduced to buckets before the next are read. */
const POINTS_A_STATEMENT = 500_000;
/** How many times longer points are than the granules over them. */
const POINTS_TO_GRANULES = 6;
/** Statements under way: Postgres reads the next while this process draws the last. */
const STATEMENTS_AT_ONCE = 3;
/** Buckets an answer may have: 100 MB of JSON. */
const MAX_BUCKETS = 1_000_000;

/** Reads curves of metrics of runs. They come in the order of `runIds`, then of `names`, then of attempts. */
export async function readCurves(pool: pg.Pool, request: CurveRequest): Promise<Curve[]> {
  const { maxPoints, axis = 'STEP', attempts, range } = request;
  const coarseAbove = POINTS_A_BUCKET * maxPoints;
  const slices = slice(await findSeries(pool, request), coarseAbove);
  const curves: Curve[][] = [];
  let buckets = 0;
  let next = 0;
  const readOn = async (): Promise<void> => {
    for (let index = next++; index < slices.length; index = next++) {
      const histories = await readSegments(pool, { series: slices[index]!, attempts, coarseAbove, range });
      curves[index] = histories.map(({ segments, ...history }) => ({
        ...history,
        ...measure(downsampleSegments(segments, maxPoints, axis, range)),
      }));
      buckets += curves[index].reduce((sum, curve) => sum + curve.buckets.length, 0);
      if (buckets > MAX_BUCKETS) {
        const message = `maxPoints: expected at most ${MAX_BUCKETS} buckets in all; ask for fewer runs, metrics or points`;
        throw badInput(message, { path: 'maxPoints' });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(STATEMENTS_AT_ONCE, slices.length) }, readOn));
  // A chunk may reach into a range in which it has no point.
  return inOrder(
    curves.flat().filter(({ count }) => count > 0),
    request,
  );
}

interface FoundSeries {
  runId: string;
  name: string;
  count: number;
}

async function findSeries(
  pool: pg.Pool,
  { runIds, names, range = EVERY_STEP }: CurveRequest,
): Promise<FoundSeries[]> {
  const { rows } = await pool.query<FoundSeries>(
    `SELECT run_id AS "runId", name, sum(${countWithin('$3', '$4')}) AS count FROM metric_chunk
     WHERE run_id = ANY($1::uuid[]) AND ($2::text[] IS NULL OR name = ANY($2))
       AND first_step <= $4::int AND last_step >= $3::int GROUP BY run_id, name`,
    [runIds, names, range.from, range.to],
  );
  return rows;
}

/** Series that are read together; by how much there is to read of them. */
function slice(series: readonly FoundSeries[], coarseAbove: number): FoundSeries[][] {
  const slices: FoundSeries[][] = [];
  let room = 0;
  for (const one of series) {
    const points = one.count > coarseAbove ? one.count / POINTS_TO_GRANULES : one.count;
    if (slices.length === 0 || points > room) {
      slices.push([]);
      room = POINTS_A_STATEMENT;
    }
    slices.at(-1)!.push(one);
    room -= points;
  }
  return slices;
}

function measure(buckets: Bucket[]): Pick<Curve, 'count' | 'nonFinite' | 'buckets'> {
  return {
    count: buckets.reduce((sum, bucket) => sum + bucket.count, 0),
    nonFinite: buckets.reduce((sum, bucket) => sum + bucket.nonFinite, 0),
    buckets,
  };
}

function inOrder(curves: Curve[], { runIds, names }: CurveRequest): Curve[] {
  const rankOf = (order: readonly string[]) => new Map(order.map((key, index) => [key, index]));
  const runs = rankOf(runIds);
  const places = names && rankOf(names);
  return curves.sort(
    (a, b) =>
      runs.get(a.runId)! - runs.get(b.runId)! ||
      (places === null ? 0 : places.get(a.name)! - places.get(b.name)!) ||
      (a.attempt ?? 0) - (b.attempt ?? 0),
  );
}
