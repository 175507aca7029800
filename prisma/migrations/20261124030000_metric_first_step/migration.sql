-- AlterTable
ALTER TABLE "metric_summary" ADD COLUMN "first_step" INTEGER;

UPDATE "metric_summary" SET "first_step" = chunk.first_step
FROM (SELECT run_id, name, min(first_step) AS first_step FROM "metric_chunk" GROUP BY run_id, name) chunk
WHERE chunk.run_id = "metric_summary".run_id AND chunk.name = "metric_summary".name;
