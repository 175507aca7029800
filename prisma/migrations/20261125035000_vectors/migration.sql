-- CreateTable
CREATE TABLE "vector_set" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "dataset_id" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "source" JSONB NOT NULL,
    "provenance" JSONB NOT NULL,
    "dimensions" INTEGER NOT NULL,
    "task_id" UUID NOT NULL,
    "neighbours_sha256" TEXT,
    "indexed" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vector_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vector_chunk" (
    "set_id" UUID NOT NULL,
    "first_row" INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "vector_chunk_pkey" PRIMARY KEY ("set_id","first_row")
);

-- CreateIndex
CREATE UNIQUE INDEX "vector_set_sequence_key" ON "vector_set"("sequence");

-- CreateIndex
CREATE INDEX "vector_set_task_id_idx" ON "vector_set"("task_id");

-- CreateIndex
CREATE INDEX "vector_set_neighbours_sha256_idx" ON "vector_set"("neighbours_sha256");

-- CreateIndex
CREATE UNIQUE INDEX "vector_set_dataset_id_digest_key" ON "vector_set"("dataset_id", "digest");

-- CreateIndex
CREATE INDEX "vector_chunk_sha256_idx" ON "vector_chunk"("sha256");

-- AddForeignKey
ALTER TABLE "vector_set" ADD CONSTRAINT "vector_set_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vector_set" ADD CONSTRAINT "vector_set_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "worker_task"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vector_set" ADD CONSTRAINT "vector_set_neighbours_sha256_fkey" FOREIGN KEY ("neighbours_sha256") REFERENCES "blob"("sha256") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vector_chunk" ADD CONSTRAINT "vector_chunk_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "vector_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vector_chunk" ADD CONSTRAINT "vector_chunk_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
