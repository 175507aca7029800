-- DropForeignKey
ALTER TABLE "run" DROP CONSTRAINT "run_dataset_id_fkey";

-- AlterTable
ALTER TABLE "dataset" ADD COLUMN "splitting" JSONB,
ADD COLUMN "splits" JSONB,
ADD COLUMN "repetition" JSONB,
ADD COLUMN "source_sha256" TEXT,
ADD COLUMN "source_format" TEXT;

-- AlterTable
ALTER TABLE "dataset_row" ADD COLUMN "sentence_key" BIGINT;

-- CreateTable
CREATE TABLE "dataset_duplicate" (
    "dataset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "row_count" INTEGER NOT NULL,
    "train" INTEGER NOT NULL,
    "validation" INTEGER NOT NULL,
    "test" INTEGER NOT NULL,
    "conflicting" BOOLEAN NOT NULL,
    "ordinals" INTEGER[],

    CONSTRAINT "dataset_duplicate_pkey" PRIMARY KEY ("dataset_id","position")
);

-- CreateIndex
CREATE INDEX "dataset_source_sha256_idx" ON "dataset"("source_sha256");

-- CreateIndex
CREATE INDEX "run_dataset_id_sequence_idx" ON "run"("dataset_id", "sequence");

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_source_sha256_fkey" FOREIGN KEY ("source_sha256") REFERENCES "blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_duplicate" ADD CONSTRAINT "dataset_duplicate_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What new versions are described by when they are written, for those that are there. Keys are only compared within a version, so
-- they may come from another hash than the server's.
UPDATE "dataset_row"
SET "sentence_key" = hashtextextended(
  regexp_replace(btrim(lower(normalize("sentence", NFKC)), E' \t\n\r'), '\s+', ' ', 'g'), 0);

UPDATE "dataset" SET "splits" = (
  SELECT jsonb_build_object(
    'train', count(*) FILTER (WHERE "split" = 'train'),
    'validation', count(*) FILTER (WHERE "split" = 'validation'),
    'test', count(*) FILTER (WHERE "split" = 'test'))
  FROM "dataset_row" WHERE "dataset_id" = "dataset"."id");

WITH repeated AS (
  SELECT "dataset_id", "sentence_key" FROM "dataset_row" GROUP BY 1, 2 HAVING count(*) > 1
), member AS (
  SELECT "dataset_id", "sentence_key", "ordinal", "split", "labels"
  FROM repeated JOIN "dataset_row" USING ("dataset_id", "sentence_key")
), contradiction AS (
  SELECT DISTINCT "dataset_id", "sentence_key"
  FROM member CROSS JOIN LATERAL jsonb_each_text("labels") AS label (task, text)
  GROUP BY "dataset_id", "sentence_key", task HAVING min(text) <> max(text)
), sentence AS (
  SELECT "dataset_id", "sentence_key", count(*)::int AS row_count, min("ordinal") AS first,
    (count(*) FILTER (WHERE "split" = 'train'))::int AS train,
    (count(*) FILTER (WHERE "split" = 'validation'))::int AS validation,
    (count(*) FILTER (WHERE "split" = 'test'))::int AS test,
    (array_agg("ordinal" ORDER BY "ordinal"))[1:20] AS ordinals
  FROM member GROUP BY "dataset_id", "sentence_key"
)
INSERT INTO "dataset_duplicate" ("dataset_id", "position", "row_count", "train", "validation", "test", "conflicting", "ordinals")
SELECT "dataset_id",
  row_number() OVER (PARTITION BY "dataset_id" ORDER BY greatest(train, validation, test) < row_count DESC, first) - 1,
  row_count, train, validation, test, contradiction."sentence_key" IS NOT NULL, ordinals
FROM sentence LEFT JOIN contradiction USING ("dataset_id", "sentence_key");

UPDATE "dataset" SET "repetition" = (
  SELECT jsonb_build_object(
    'sentences', count(*),
    'rows', coalesce(sum("row_count"), 0),
    'leaking', count(*) FILTER (WHERE greatest("train", "validation", "test") < "row_count"),
    'leakedRows', coalesce(sum("validation" + "test") FILTER (WHERE "train" > 0), 0),
    'conflicting', count(*) FILTER (WHERE "conflicting"))
  FROM "dataset_duplicate" WHERE "dataset_id" = "dataset"."id");

WITH counted AS (
  SELECT "dataset_id", task, text, count(*) AS count,
    count(*) FILTER (WHERE "split" = 'train') AS train,
    count(*) FILTER (WHERE "split" = 'validation') AS validation,
    count(*) FILTER (WHERE "split" = 'test') AS test
  FROM "dataset_row" CROSS JOIN LATERAL jsonb_each_text("labels") AS label (task, text)
  GROUP BY "dataset_id", task, text
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY "dataset_id", task ORDER BY count DESC, text) AS place FROM counted
), described AS (
  SELECT "dataset_id", task,
    jsonb_agg(
      jsonb_build_object('label', text, 'count', count, 'train', train, 'validation', validation, 'test', test)
      ORDER BY text COLLATE "C") FILTER (WHERE place <= 5000) AS classes,
    count(*) AS class_count,
    jsonb_build_object('train', sum(train), 'validation', sum(validation), 'test', sum(test)) AS labelled
  FROM ranked GROUP BY "dataset_id", task
)
UPDATE "dataset" SET "tasks" = (
  SELECT coalesce(jsonb_agg(
    jsonb_build_object(
      'name', old.task ->> 'name',
      'classes', coalesce(described.classes, '[]'),
      'classCount', coalesce(described.class_count, 0),
      'labelled', coalesce(described.labelled, '{"train": 0, "validation": 0, "test": 0}'))
    ORDER BY old.place), '[]')
  FROM jsonb_array_elements("dataset"."tasks") WITH ORDINALITY AS old (task, place)
  LEFT JOIN described ON described."dataset_id" = "dataset"."id" AND described.task = old.task ->> 'name');

-- AlterTable
ALTER TABLE "dataset" ALTER COLUMN "splits" SET NOT NULL,
ALTER COLUMN "repetition" SET NOT NULL;
