-- Freeze configurations have versions. Those that are there are their first.
ALTER TABLE "freeze_config" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
DROP INDEX "freeze_config_name_key";
CREATE UNIQUE INDEX "freeze_config_name_version_key" ON "freeze_config"("name", "version");

-- Sweeps have a method.
UPDATE "experiment" SET "sweep" = CASE
    WHEN "sweep" = '{}'::jsonb THEN NULL
    ELSE jsonb_build_object('method', 'grid', 'settings', "sweep", 'pruning', NULL) END
WHERE "sweep" IS NOT NULL AND jsonb_typeof("sweep" -> 'method') IS DISTINCT FROM 'string';

-- CreateTable
CREATE TABLE "pruning" (
    "id" UUID NOT NULL,
    "experiment_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pruning_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "run"
    ADD COLUMN "pause_requested_at" TIMESTAMPTZ(3),
    ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "queued_at" TIMESTAMPTZ(6),
    ADD COLUMN "max_attempts" INTEGER NOT NULL DEFAULT 3,
    ADD COLUMN "forgiven_attempts" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "pruning_id" UUID,
    ADD COLUMN "pruned" BOOLEAN NOT NULL DEFAULT false;
UPDATE "run" SET "queued_at" = "created_at" + ("sequence" % 1000) * interval '1 microsecond';
ALTER TABLE "run"
    ALTER COLUMN "queued_at" SET DEFAULT clock_timestamp(),
    ALTER COLUMN "queued_at" SET NOT NULL;

-- AlterTable
ALTER TABLE "worker" ADD COLUMN "concurrency" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "rung_result" (
    "run_id" UUID NOT NULL,
    "rung" INTEGER NOT NULL,
    "pruning_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "rank" INTEGER NOT NULL,
    "results" INTEGER NOT NULL,
    "kept" INTEGER NOT NULL,
    "pruned" BOOLEAN NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rung_result_pkey" PRIMARY KEY ("run_id", "rung")
);

-- CreateIndex
CREATE INDEX "pruning_experiment_id_idx" ON "pruning"("experiment_id");

-- CreateIndex
CREATE INDEX "rung_result_pruning_id_rung_idx" ON "rung_result"("pruning_id", "rung");

-- AddForeignKey
ALTER TABLE "pruning" ADD CONSTRAINT "pruning_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_pruning_id_fkey" FOREIGN KEY ("pruning_id") REFERENCES "pruning"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rung_result" ADD CONSTRAINT "rung_result_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rung_result" ADD CONSTRAINT "rung_result_pruning_id_fkey" FOREIGN KEY ("pruning_id") REFERENCES "pruning"("id") ON DELETE CASCADE ON UPDATE CASCADE;
