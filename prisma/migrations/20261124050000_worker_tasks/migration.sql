-- CreateEnum
CREATE TYPE "task_state" AS ENUM ('QUEUED', 'RUNNING', 'FINISHED', 'FAILED');

-- CreateTable
CREATE TABLE "run_record" (
    "run_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "run_record_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "run_fork" (
    "run_id" UUID NOT NULL,
    "parent_id" UUID,
    "step" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "run_fork_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "worker_task" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "run_id" UUID,
    "input" JSONB NOT NULL,
    "state" "task_state" NOT NULL DEFAULT 'QUEUED',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "worker_id" UUID,
    "job_id" TEXT,
    "job_locked_by" TEXT,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "result" JSONB,
    "error_code" TEXT,
    "error_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "worker_task_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "run_record_sha256_idx" ON "run_record"("sha256");

-- CreateIndex
CREATE INDEX "run_fork_parent_id_idx" ON "run_fork"("parent_id");

-- CreateIndex
CREATE INDEX "run_fork_sha256_idx" ON "run_fork"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "worker_task_sequence_key" ON "worker_task"("sequence");

-- CreateIndex
CREATE INDEX "worker_task_run_id_kind_sequence_idx" ON "worker_task"("run_id", "kind", "sequence");

-- CreateIndex
CREATE INDEX "worker_task_worker_id_idx" ON "worker_task"("worker_id");

-- AddForeignKey
ALTER TABLE "run_record" ADD CONSTRAINT "run_record_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_record" ADD CONSTRAINT "run_record_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_fork" ADD CONSTRAINT "run_fork_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_fork" ADD CONSTRAINT "run_fork_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_fork" ADD CONSTRAINT "run_fork_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "worker_task" ADD CONSTRAINT "worker_task_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "worker_task" ADD CONSTRAINT "worker_task_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "worker"("id") ON DELETE SET NULL ON UPDATE CASCADE;
