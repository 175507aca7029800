-- CreateTable
CREATE TABLE "published_model_file" (
    "model" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "published_model_file_pkey" PRIMARY KEY ("model", "name")
);

-- CreateIndex
CREATE INDEX "published_model_file_sha256_idx" ON "published_model_file"("sha256");

-- AddForeignKey
ALTER TABLE "published_model_file" ADD CONSTRAINT "published_model_file_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
