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

/** Lines of all attempts in the order they were written. */
export async function listLogs(
  { prisma }: Database,
  runId: string,
  { first, after }: PageRequest,
): Promise<Page<LogLine>> {
  const [rows, count] = await Promise.all([
    prisma.logLine.findMany({
      where: { runId, ...(after === null ? {} : { sequence: { gt: Number(after) } }) },
      orderBy: { sequence: 'asc' },
      take: first + 1,
    }),
    prisma.logLine.count({ where: { runId } }),
  ]);
  return pageOf(rows, first, count);
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
