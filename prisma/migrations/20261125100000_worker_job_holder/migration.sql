-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "job_holder" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "worker_job_holder_key" ON "worker"("job_holder");
