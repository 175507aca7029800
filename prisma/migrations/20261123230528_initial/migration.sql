-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "split" AS ENUM ('train', 'validation', 'test');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('QUEUED', 'STARTING', 'RUNNING', 'FINISHED', 'FAILED', 'CANCELLED', 'LOST');

-- CreateEnum
CREATE TYPE "worker_state" AS ENUM ('IDLE', 'BUSY', 'STOPPED', 'LOST');

-- CreateTable
CREATE TABLE "dataset" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "row_count" INTEGER NOT NULL,
    "tasks" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_row" (
    "dataset_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "sentence" TEXT NOT NULL,
    "split" "split" NOT NULL,
    "labels" JSONB NOT NULL,

    CONSTRAINT "dataset_row_pkey" PRIMARY KEY ("dataset_id","ordinal")
);

-- CreateTable
CREATE TABLE "freeze_config" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "rules" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "freeze_config_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "definition_digest" TEXT NOT NULL,
    "sweep" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "experiment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment_freeze_config" (
    "experiment_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "freeze_config_id" UUID NOT NULL,

    CONSTRAINT "experiment_freeze_config_pkey" PRIMARY KEY ("experiment_id","position")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'QUEUED',
    "experiment_id" UUID,
    "freeze_config_id" UUID,
    "dataset_id" UUID,
    "definition" JSONB NOT NULL,
    "definition_digest" TEXT NOT NULL,
    "seed" INTEGER NOT NULL,
    "freeze" JSONB NOT NULL,
    "trainable_parameters" INTEGER NOT NULL,
    "total_parameters" INTEGER NOT NULL,
    "step" INTEGER NOT NULL DEFAULT 0,
    "total_steps" INTEGER,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "epochs" INTEGER NOT NULL DEFAULT 0,
    "provenance" JSONB NOT NULL DEFAULT '{}',
    "compute_seconds" DOUBLE PRECISION,
    "saved_seconds" DOUBLE PRECISION,
    "feature_rows_computed" INTEGER,
    "feature_rows_reused" INTEGER,
    "weights_sha256" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "note" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'STARTING',
    "worker_id" UUID,
    "job_id" TEXT,
    "job_locked_by" TEXT,
    "device" TEXT,
    "first_step" INTEGER NOT NULL DEFAULT 0,
    "last_step" INTEGER,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "error_code" TEXT,
    "error_message" TEXT,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("run_id","number")
);

-- CreateTable
CREATE TABLE "metric_chunk" (
    "id" BIGSERIAL NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "first_step" INTEGER NOT NULL,
    "last_step" INTEGER NOT NULL,
    "first_time" DOUBLE PRECISION NOT NULL,
    "min" DOUBLE PRECISION,
    "max" DOUBLE PRECISION,
    "last" DOUBLE PRECISION,
    "non_finite" INTEGER NOT NULL,
    "steps" BYTEA NOT NULL,
    "values" BYTEA NOT NULL,
    "times" BYTEA NOT NULL,

    CONSTRAINT "metric_chunk_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "metric_summary" (
    "run_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "non_finite" INTEGER NOT NULL,
    "last" DOUBLE PRECISION NOT NULL,
    "last_step" INTEGER NOT NULL,
    "min" DOUBLE PRECISION,
    "min_step" INTEGER,
    "max" DOUBLE PRECISION,
    "max_step" INTEGER,

    CONSTRAINT "metric_summary_pkey" PRIMARY KEY ("run_id","name")
);

-- CreateTable
CREATE TABLE "log_line" (
    "run_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "level" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    CONSTRAINT "log_line_pkey" PRIMARY KEY ("run_id","sequence")
);

-- CreateTable
CREATE TABLE "blob" (
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blob_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "checkpoint" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "ordinal" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "state" "worker_state" NOT NULL DEFAULT 'IDLE',
    "device" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "dataset_sequence_key" ON "dataset"("sequence");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_name_version_key" ON "dataset"("name", "version");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_name_digest_key" ON "dataset"("name", "digest");

-- CreateIndex
CREATE UNIQUE INDEX "freeze_config_sequence_key" ON "freeze_config"("sequence");

-- CreateIndex
CREATE UNIQUE INDEX "freeze_config_name_key" ON "freeze_config"("name");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_sequence_key" ON "experiment"("sequence");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_name_key" ON "experiment"("name");

-- CreateIndex
CREATE UNIQUE INDEX "run_sequence_key" ON "run"("sequence");

-- CreateIndex
CREATE INDEX "run_experiment_id_sequence_idx" ON "run"("experiment_id", "sequence");

-- CreateIndex
CREATE INDEX "run_state_sequence_idx" ON "run"("state", "sequence");

-- CreateIndex
CREATE INDEX "run_definition_digest_idx" ON "run"("definition_digest");

-- CreateIndex
CREATE INDEX "attempt_worker_id_idx" ON "attempt"("worker_id");

-- CreateIndex
CREATE INDEX "metric_chunk_run_id_name_attempt_id_idx" ON "metric_chunk"("run_id", "name", "attempt", "id");

-- CreateIndex
CREATE INDEX "checkpoint_sha256_idx" ON "checkpoint"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "checkpoint_run_id_attempt_kind_step_key" ON "checkpoint"("run_id", "attempt", "kind", "step");

-- CreateIndex
CREATE UNIQUE INDEX "worker_ordinal_key" ON "worker"("ordinal");

-- CreateIndex
CREATE INDEX "worker_state_idx" ON "worker"("state");

-- AddForeignKey
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_freeze_config" ADD CONSTRAINT "experiment_freeze_config_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_freeze_config" ADD CONSTRAINT "experiment_freeze_config_freeze_config_id_fkey" FOREIGN KEY ("freeze_config_id") REFERENCES "freeze_config"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_freeze_config_id_fkey" FOREIGN KEY ("freeze_config_id") REFERENCES "freeze_config"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "worker"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric_chunk" ADD CONSTRAINT "metric_chunk_run_id_attempt_fkey" FOREIGN KEY ("run_id", "attempt") REFERENCES "attempt"("run_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric_summary" ADD CONSTRAINT "metric_summary_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_line" ADD CONSTRAINT "log_line_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

