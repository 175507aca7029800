-- What a task is about that has no run, and what it is doing: for advice on definitions
ALTER TABLE "worker_task" ADD COLUMN "subject" TEXT,
ADD COLUMN "doing" TEXT;

-- CreateIndex
CREATE INDEX "worker_task_subject_kind_sequence_idx" ON "worker_task"("subject", "kind", "sequence");
