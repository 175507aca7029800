import { type Queryable } from '../db/database.js';
import { Parameters } from '../db/parameters.js';
import { type Chunk } from './chunks/chunk.js';

export interface ChunkToInsert {
  runId: string;
  attempt: number;
  name: string;
  chunk: Chunk;
  /** For a chunk that takes the place of others: the id of one of them, and when the newest of them was written. */
  inPlaceOf?: { id: string; createdAt: Date };
}

/** Writes chunks in one statement, whatever their number, and returns their ids in order. */
export async function insertChunks(client: Queryable, chunks: readonly ChunkToInsert[]): Promise<string[]> {
  const parameters = new Parameters();
  const text = `${chunkInsertion(parameters, chunks)} RETURNING id::text`;
  const { rows } = await client.query<{ id: string }>(text, parameters.values);
  return rows.map(({ id }) => id);
}

/**
 * SQL that writes chunks, in order. All bytes travel as one binary value that the statement cuts up: an array of them would travel
 * as text, twice as long.
 */
export function chunkInsertion(
  parameters: Parameters,
  chunks: readonly ChunkToInsert[],
  condition = 'true',
): string {
  const column = <Key extends keyof Chunk>(key: Key) => chunks.map(({ chunk }) => chunk[key]);
  const pieces = chunks.flatMap(({ chunk: { points, granules } }) =>
    granules ? [points, granules] : [points],
  );
  const lengths = chunks.map(({ chunk }) => chunk.points.length);
  const granuleLengths = chunks.map(({ chunk }) => chunk.granules?.length ?? 0);
  let offset = 1;
  const offsets = lengths.map((length, index) => {
    const own = offset;
    offset += length + granuleLengths[index]!;
    return own;
  });
  const bytes = parameters.add(Buffer.concat(pieces), 'bytea');
  const rows = parameters.rows('chunk', {
    run_id: ['uuid', chunks.map(({ runId }) => runId)],
    attempt: ['int', chunks.map(({ attempt }) => attempt)],
    name: ['text', chunks.map(({ name }) => name)],
    count: ['int', column('count')],
    first_step: ['int', column('firstStep')],
    last_step: ['int', column('lastStep')],
    first_time: ['float8', column('firstTime')],
    min: ['float8', column('min')],
    min_step: ['int', column('minStep')],
    max: ['float8', column('max')],
    max_step: ['int', column('maxStep')],
    last: ['float8', column('last')],
    non_finite: ['int', column('nonFinite')],
    place: ['int', offsets],
    length: ['int', lengths],
    granule_length: ['int', granuleLengths],
    id: ['bigint', chunks.map(({ inPlaceOf }) => inPlaceOf?.id ?? null)],
    created_at: ['timestamptz', chunks.map(({ inPlaceOf }) => inPlaceOf?.createdAt ?? null)],
  });
  return `
    INSERT INTO metric_chunk (id, created_at, run_id, attempt, name, count, first_step, last_step, first_time, min, min_step,
                              max, max_step, last, non_finite, points, granules)
    SELECT coalesce(id, nextval('metric_chunk_id_seq')), coalesce(created_at, clock_timestamp()), run_id, attempt, name, count,
           first_step, last_step, first_time, min, min_step, max, max_step, last, non_finite,
           substring(${bytes} FROM place FOR length),
           CASE WHEN granule_length > 0 THEN substring(${bytes} FROM place + length FOR granule_length) END
    FROM ${rows} WHERE ${condition}`;
}
