import { type LogLine } from '../db/generated/client.js';
import { type Database, type Queryable } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';

export interface NewLogLine {
  sequence: number;
  time: Date;
  level: string;
  message: string;
}

/** The sequence number that a run's next line gets. */
export async function nextLogSequence(client: Queryable, runId: string): Promise<number> {
  const { rows } = await client.query<{ next: number }>(
    'SELECT coalesce(max(sequence), 0) + 1 AS next FROM log_line WHERE run_id = $1',
    [runId],
  );
  return rows[0]!.next;
}

/** Appends lines in one statement. */
export async function appendLogs(
  client: Queryable,
  { runId, attempt }: { runId: string; attempt: number },
  lines: NewLogLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await client.query(
    `INSERT INTO log_line (run_id, attempt, sequence, time, level, message)
     SELECT $1, $2, * FROM unnest($3::int[], $4::timestamptz[], $5::text[], $6::text[])`,
    [
      runId,
      attempt,
      lines.map(({ sequence }) => sequence),
      lines.map(({ time }) => time),
      lines.map(({ level }) => level),
      // Postgres' text cannot hold NUL, which a library may well print.
      lines.map(({ message }) => message.replaceAll('\0', '\u2400')),
    ],
  );
}

export interface RunLogsKey extends PageRequest {
  runId: string;
}

/** A page of each run's lines, of all attempts in the order they were written: one statement, however many runs. */
export async function listLogsOfRuns(
  { pool }: Database,
  keys: readonly RunLogsKey[],
): Promise<Page<LogLine>[]> {
  const { rows } = await pool.query<Omit<LogLine, 'runId'> & { position: string; count: number }>(
    `SELECT position, line.*, (SELECT count(*)::int FROM log_line WHERE run_id = key.run_id) AS count
     FROM unnest($1::uuid[], $2::int[], $3::bigint[]) WITH ORDINALITY AS key (run_id, first, after, position)
     LEFT JOIN LATERAL (
       SELECT sequence, attempt, time, level, message FROM log_line
       WHERE log_line.run_id = key.run_id AND (key.after IS NULL OR sequence > key.after)
       ORDER BY sequence LIMIT key.first + 1) line ON true
     ORDER BY position, line.sequence`,
    [
      keys.map(({ runId }) => runId),
      keys.map(({ first }) => first),
      keys.map(({ after }) => after?.toString() ?? null),
    ],
  );
  const pages = keys.map((): { lines: LogLine[]; count: number } => ({ lines: [], count: 0 }));
  for (const { position, count, ...line } of rows) {
    const index = Number(position) - 1;
    const page = pages[index]!;
    page.count = count;
    // A page without a line is one row of nulls.
    if (line.sequence !== null) page.lines.push({ ...line, runId: keys[index]!.runId });
  }
  return keys.map(({ first }, index) => pageOf(pages[index]!.lines, first, pages[index]!.count));
}

/** Lines that are sent at a time. */
const PAGE = 1000;

/** The next lines after one. */
export async function linesAfter({ prisma }: Database, runId: string, sequence: number): Promise<LogLine[]> {
  return prisma.logLine.findMany({
    where: { runId, sequence: { gt: sequence } },
    orderBy: { sequence: 'asc' },
    take: PAGE,
  });
}

/** The sequence number of the last line so far; 0 before the first. */
export async function newestLine({ pool }: Database, runId: string): Promise<number> {
  return (await nextLogSequence(pool, runId)) - 1;
}
