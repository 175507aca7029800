-- CreateEnum
CREATE TYPE "token_role" AS ENUM ('VIEWER', 'WORKER', 'EDITOR', 'ADMIN');

-- CreateTable
CREATE TABLE "token" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "role" "token_role" NOT NULL,
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "token_sequence_key" ON "token"("sequence");

-- CreateIndex
CREATE UNIQUE INDEX "token_digest_key" ON "token"("digest");
