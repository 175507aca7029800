-- Runs that are trained elsewhere
ALTER TABLE "run" ADD COLUMN "external" BOOLEAN NOT NULL DEFAULT false;

-- Chunks keep their columns in one value. The three arrays of before are the plain ways of writing columns: one header over
-- them, and they are read as they are.
ALTER TABLE "metric_chunk"
  ADD COLUMN "min_step" INTEGER,
  ADD COLUMN "max_step" INTEGER,
  ADD COLUMN "points" BYTEA,
  ADD COLUMN "granules" BYTEA,
  ADD COLUMN "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- They are as short as they get, and a second compression costs time for nothing.
ALTER TABLE "metric_chunk"
  ALTER COLUMN "points" SET STORAGE EXTERNAL,
  ALTER COLUMN "granules" SET STORAGE EXTERNAL;

UPDATE "metric_chunk" SET "points" = '\x0100000000000000'::bytea || "values" || "steps" || "times", "last" = NULL;

ALTER TABLE "metric_chunk"
  ALTER COLUMN "points" SET NOT NULL,
  DROP COLUMN "steps",
  DROP COLUMN "values",
  DROP COLUMN "times";

ALTER TABLE "metric_summary" ADD COLUMN "overlapped" BOOLEAN NOT NULL DEFAULT false;

-- Summaries are rewritten with every append: room on the page keeps the rewriting off the index.
ALTER TABLE "metric_summary" SET (fillfactor = 70);

-- CreateTable
CREATE TABLE "metric_key" (
    "run_id" UUID NOT NULL,
    "digest" UUID NOT NULL,
    "logged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "metric_key_pkey" PRIMARY KEY ("run_id","digest")
);

-- CreateIndex
CREATE INDEX "metric_key_logged_at_idx" ON "metric_key" USING BRIN ("logged_at");

-- AddForeignKey
ALTER TABLE "metric_key" ADD CONSTRAINT "metric_key_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
