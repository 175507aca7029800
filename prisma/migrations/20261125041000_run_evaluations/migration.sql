-- CreateTable
CREATE TABLE "run_evaluation" (
    "run_id" UUID NOT NULL,
    "moment" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "loss" DOUBLE PRECISION NOT NULL,
    "tasks" JSONB NOT NULL,

    CONSTRAINT "run_evaluation_pkey" PRIMARY KEY ("run_id","moment")
);

-- CreateTable
CREATE TABLE "run_predictions" (
    "run_id" UUID NOT NULL,
    "moment" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "run_predictions_pkey" PRIMARY KEY ("run_id","moment")
);

-- CreateIndex
CREATE INDEX "run_predictions_sha256_idx" ON "run_predictions"("sha256");

-- AddForeignKey
ALTER TABLE "run_evaluation" ADD CONSTRAINT "run_evaluation_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_predictions" ADD CONSTRAINT "run_predictions_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_predictions" ADD CONSTRAINT "run_predictions_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
