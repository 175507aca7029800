import { type Queryable } from '../db/database.js';
import { type Chunk } from './chunks/chunk.js';

export interface ChunkToInsert {
  runId: string;
  attempt: number;
  name: string;
  chunk: Chunk;
  /** For a chunk that takes the place of others: the id of one of them, and when the newest of them was written. */
  inPlaceOf?: { id: string; createdAt: Date };
}

/**
 * Writes chunks in one statement, whatever their number, and returns their ids in order. All bytes travel as one binary value
 * that the statement cuts up: an array of them would travel as text, twice as long.
 */
export async function insertChunks(client: Queryable, chunks: readonly ChunkToInsert[]): Promise<string[]> {
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
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO metric_chunk (id, created_at, run_id, attempt, name, count, first_step, last_step, first_time, min, min_step,
                               max, max_step, last, non_finite, points, granules)
     SELECT coalesce(id, nextval('metric_chunk_id_seq')), coalesce(created_at, clock_timestamp()), run_id, attempt, name, count,
            first_step, last_step, first_time, min, min_step, max, max_step, last, non_finite,
            substring($1::bytea FROM place FOR length),
            CASE WHEN granule_length > 0 THEN substring($1::bytea FROM place + length FOR granule_length) END
     FROM unnest($2::uuid[], $3::int[], $4::text[], $5::int[], $6::int[], $7::int[], $8::float8[], $9::float8[], $10::int[],
                 $11::float8[], $12::int[], $13::float8[], $14::int[], $15::int[], $16::int[], $17::int[],
                 $18::bigint[], $19::timestamptz[])
       AS chunk (run_id, attempt, name, count, first_step, last_step, first_time, min, min_step, max, max_step, last,
                 non_finite, place, length, granule_length, id, created_at)
     RETURNING id::text`,
    [
      Buffer.concat(pieces),
      chunks.map(({ runId }) => runId),
      chunks.map(({ attempt }) => attempt),
      chunks.map(({ name }) => name),
      column('count'),
      column('firstStep'),
      column('lastStep'),
      column('firstTime'),
      column('min'),
      column('minStep'),
      column('max'),
      column('maxStep'),
      column('last'),
      column('nonFinite'),
      offsets,
      lengths,
      granuleLengths,
      chunks.map(({ inPlaceOf }) => inPlaceOf?.id ?? null),
      chunks.map(({ inPlaceOf }) => inPlaceOf?.createdAt ?? null),
    ],
  );
  return rows.map(({ id }) => id);
}
