import { type Split } from '../../experiments/data/dataset.js';
import { type Queryable } from '../db/database.js';

/** Rows in each split. */
export type SplitCounts = Record<Split, number>;

/** How often a label occurs. */
export type LabelStatistics = SplitCounts & { label: string; count: number };

/** What a version says of one of its tasks. */
export interface TaskStatistics {
  name: string;
  /** Sorted by label; the most frequent ones where there are very many. */
  classes: LabelStatistics[];
  classCount: number;
  /** Rows that carry a label. */
  labelled: SplitCounts;
}

/** Sentences that a version has more than once. */
export interface RepetitionStatistics {
  sentences: number;
  /** All rows of these sentences. */
  rows: number;
  /** Sentences that are in several splits. */
  leaking: number;
  /** Rows of validation and test whose sentence is trained on. */
  leakedRows: number;
  /** Sentences whose rows carry different labels for one task. */
  conflicting: number;
}

/** Labels of a task that are kept with their counts. */
export const mostClassesKept = 5_000;
/** Rows of a repeated sentence that are kept as examples. */
const EXAMPLES = 20;

/**
 * Counts what a version that is being written consists of, and enters its repeated sentences. Postgres does it, as it needs no
 * memory of ours however many rows there are.
 */
export async function describeVersion(
  client: Queryable,
  id: string,
  tasks: readonly string[],
): Promise<{ tasks: TaskStatistics[]; splits: SplitCounts; repetition: RepetitionStatistics }> {
  const splits = await client.query<SplitCounts>(
    `SELECT (count(*) FILTER (WHERE split = 'train'))::int AS train,
       (count(*) FILTER (WHERE split = 'validation'))::int AS validation, (count(*) FILTER (WHERE split = 'test'))::int AS test
     FROM dataset_row WHERE dataset_id = $1`,
    [id],
  );
  return {
    tasks: await describeTasks(client, id, tasks),
    splits: splits.rows[0]!,
    repetition: await describeRepetition(client, id),
  };
}

async function describeTasks(
  client: Queryable,
  id: string,
  tasks: readonly string[],
): Promise<TaskStatistics[]> {
  const { rows } = await client.query<LabelStatistics & { task: string; classCount: number; sums: string[] }>(
    `SELECT task, label, count::int, train::int, validation::int, test::int, "classCount"::int, sums FROM (
       SELECT *, row_number() OVER (PARTITION BY task ORDER BY count DESC, label) AS place,
         count(*) OVER (PARTITION BY task) AS "classCount",
         ARRAY[sum(train) OVER (PARTITION BY task), sum(validation) OVER (PARTITION BY task),
               sum(test) OVER (PARTITION BY task)]::text[] AS sums
       FROM (
         SELECT task, label, count(*) AS count, count(*) FILTER (WHERE split = 'train') AS train,
           count(*) FILTER (WHERE split = 'validation') AS validation, count(*) FILTER (WHERE split = 'test') AS test
         FROM dataset_row CROSS JOIN LATERAL jsonb_each_text(labels) AS labelled (task, label)
         WHERE dataset_id = $1 GROUP BY task, label) counted) ranked
     WHERE place <= $2`,
    [id, mostClassesKept],
  );
  return tasks.map((name) => {
    const own = rows.filter(({ task }) => task === name);
    const classes = own.map(({ label, count, train, validation, test }) => ({
      label,
      count,
      train,
      validation,
      test,
    }));
    classes.sort((a, b) => (a.label < b.label ? -1 : 1));
    const [train = 0, validation = 0, test = 0] = (own[0]?.sums ?? []).map(Number);
    return { name, classes, classCount: own[0]?.classCount ?? 0, labelled: { train, validation, test } };
  });
}

async function describeRepetition(client: Queryable, id: string): Promise<RepetitionStatistics> {
  await client.query(
    `WITH repeated AS MATERIALIZED (
       SELECT sentence_key FROM dataset_row WHERE dataset_id = $1 GROUP BY sentence_key HAVING count(*) > 1),
     member AS MATERIALIZED (
       SELECT sentence_key, ordinal, split, labels FROM repeated JOIN dataset_row USING (sentence_key)
       WHERE dataset_id = $1),
     contradiction AS (
       SELECT DISTINCT sentence_key FROM member CROSS JOIN LATERAL jsonb_each_text(labels) AS labelled (task, label)
       GROUP BY sentence_key, task HAVING min(label) <> max(label)),
     sentence AS (
       SELECT sentence_key, count(*)::int AS row_count, min(ordinal) AS first,
         (count(*) FILTER (WHERE split = 'train'))::int AS train,
         (count(*) FILTER (WHERE split = 'validation'))::int AS validation,
         (count(*) FILTER (WHERE split = 'test'))::int AS test,
         (array_agg(ordinal ORDER BY ordinal))[1:$2] AS ordinals
       FROM member GROUP BY sentence_key)
     INSERT INTO dataset_duplicate
       (dataset_id, position, row_count, train, validation, test, conflicting, ordinals)
     SELECT $1, row_number() OVER (ORDER BY greatest(train, validation, test) < row_count DESC, first) - 1,
       row_count, train, validation, test, contradiction.sentence_key IS NOT NULL, ordinals
     FROM sentence LEFT JOIN contradiction USING (sentence_key)`,
    [id, EXAMPLES],
  );
  const { rows } = await client.query<RepetitionStatistics>(
    `SELECT count(*)::int AS sentences, coalesce(sum(row_count), 0)::int AS rows,
       (count(*) FILTER (WHERE greatest(train, validation, test) < row_count))::int AS leaking,
       coalesce(sum(validation + test) FILTER (WHERE train > 0), 0)::int AS "leakedRows",
       (count(*) FILTER (WHERE conflicting))::int AS conflicting
     FROM dataset_duplicate WHERE dataset_id = $1`,
    [id],
  );
  return rows[0]!;
}
