-- AlterTable
ALTER TABLE "attempt" ADD COLUMN     "compacted_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "attempt_compacted_at_finished_at_idx" ON "attempt"("compacted_at", "finished_at");
