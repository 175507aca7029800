-- Runs are filtered and sorted by metrics, and metrics offered by name. Only columns that never change: an index over the
-- values would be rewritten with every append.
CREATE INDEX "metric_summary_name_run_id_idx" ON "metric_summary"("name", "run_id");

-- CreateIndex
CREATE INDEX "run_tags_idx" ON "run" USING GIN ("tags");
