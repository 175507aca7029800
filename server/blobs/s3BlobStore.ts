import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { FrostlineError } from '../../experiments/errors.js';
import { type BlobStore, type StoredBlob } from './blobStore.js';
import {
  blobKey,
  checkDigest,
  checked,
  digestOfKey,
  missingBlob,
  sha256Of,
  writeChecked,
} from './digests.js';

/** A bucket, and who may use it. What is null the SDK finds where it always looks: profiles, roles, instance metadata. */
export interface S3Settings {
  bucket: string;
  /** What keys begin with: empty, or text without slashes at its ends. */
  prefix: string;
  endpoint: string | null;
  region: string | null;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | null;
}

/** Larger blobs are sent in parts of this size, a few at a time. */
const PART_BYTES = 16 * 2 ** 20;
const PARTS_AT_ONCE = 4;
/** With the SDK's growing pauses between them: a store that is away for half a minute is waited for. */
const ATTEMPTS = 9;
const CONNECT_MS = 5_000;
const SILENCE_MS = 20_000;

/**
 * Keeps blobs as objects of an S3-compatible store, under their digests. Objects appear whole or not at all, which the store sees to.
 * @throws UNAVAILABLE when the bucket cannot be reached or used
 */
export async function openS3BlobStore(settings: S3Settings): Promise<BlobStore> {
  const { bucket: Bucket, prefix } = settings;
  const client = new S3Client(clientConfig(settings));
  const root = prefix === '' ? '' : `${prefix}/`;
  const objectOf = (sha256: string) => ({ Bucket, Key: root + blobKey(sha256) });
  const asked = <Result>(answer: Promise<Result>): Promise<Result> =>
    answer.catch((error: unknown) => {
      throw unavailable(error);
    });
  await probe(settings);

  const send = async (blob: StoredBlob, Body: Uint8Array | Readable): Promise<StoredBlob> => {
    const params = { ...objectOf(blob.sha256), Body, ContentType: 'application/octet-stream' };
    await asked(
      new Upload({
        client,
        params,
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
        leavePartsOnError: false,
      }).done(),
    );
    return blob;
  };

  const read = async (sha256: string): Promise<Readable> => {
    try {
      const { Body } = await client.send(new GetObjectCommand(objectOf(sha256)));
      return Body as Readable;
    } catch (error) {
      throw error instanceof NoSuchKey ? missingBlob(sha256, error) : unavailable(error);
    }
  };

  return {
    async put(content) {
      if (content instanceof Uint8Array)
        return send({ sha256: sha256Of(content), bytes: content.length }, content);
      // An object's key is its digest, which is known when everything has been seen: so a stream goes through a file.
      const path = join(tmpdir(), `frostline-blob-${randomUUID()}`);
      try {
        const blob = await spool(content, path);
        return await send(blob, createReadStream(path, { highWaterMark: 2 ** 20 }));
      } finally {
        await rm(path, { force: true });
      }
    },

    async get(sha256) {
      const chunks: Uint8Array[] = [];
      await asked(
        (async () => {
          for await (const chunk of await read(sha256)) chunks.push(chunk as Uint8Array);
        })(),
      );
      const bytes = Buffer.concat(chunks);
      checkDigest(sha256, sha256Of(bytes));
      return bytes;
    },

    async read(sha256) {
      return Readable.from(checked(await read(sha256), sha256), { objectMode: false });
    },

    async copyTo(sha256, path) {
      await asked(writeChecked(await read(sha256), sha256, path));
    },

    async has(sha256) {
      try {
        await client.send(new HeadObjectCommand(objectOf(sha256)));
        return true;
      } catch (error) {
        if (error instanceof NotFound) return false;
        throw unavailable(error);
      }
    },

    async delete(sha256) {
      await asked(client.send(new DeleteObjectCommand(objectOf(sha256))));
    },

    async *list() {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: root });
      for await (const { Contents = [] } of pages) {
        for (const { Key, Size, LastModified } of Contents) {
          const sha256 = digestOfKey(Key!);
          if (sha256 === null) continue;
          yield { sha256, bytes: Size!, modifiedAt: LastModified! };
        }
      }
    },
  };
}

/** Asks for the bucket, with less patience: whoever starts a process waits for it. */
async function probe(settings: S3Settings): Promise<void> {
  const client = new S3Client({ ...clientConfig(settings), maxAttempts: 2 });
  try {
    await client.send(new HeadBucketCommand({ Bucket: settings.bucket }));
  } catch (error) {
    throw unusable(error, settings);
  } finally {
    client.destroy();
  }
}

function clientConfig({ endpoint, region, credentials }: S3Settings): S3ClientConfig {
  return {
    ...(region === null ? {} : { region }),
    ...(credentials === null ? {} : { credentials }),
    // Stores elsewhere than Amazon's know buckets by paths, not by host names.
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    // Blobs are checked by their own digest; checksums in trailers are refused by some stores.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}

/** Writes a stream into a file, and says what it was. */
async function spool(content: Readable, path: string): Promise<StoredBlob> {
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of content as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(counted, createWriteStream(path, { flags: 'wx' }));
  return { sha256: hash.digest('hex'), bytes };
}

/** A bucket that cannot be used when a process starts: told in full to whoever starts it, but for the keys. */
function unusable(error: unknown, { bucket, endpoint }: S3Settings): FrostlineError {
  const where = `bucket ${bucket}${endpoint === null ? '' : ` at ${endpoint}`}`;
  const message = `FROSTLINE_BLOBS: ${where} cannot be used (${saidBy(error)})`;
  return new FrostlineError('UNAVAILABLE', message, { cause: error });
}

/** Trouble later on, which clients may come to see: so it does not say where the store is. Other errors stay as they are. */
function unavailable(error: unknown): unknown {
  if (error instanceof FrostlineError || isOfFile(error)) return error;
  const message = `the store of blobs is not available at the moment (${saidBy(error)}): try again`;
  return new FrostlineError('UNAVAILABLE', message, { cause: error });
}

function saidBy(error: unknown): string {
  const { name, message } = error as Error;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status !== undefined) return `${name}, status ${status}`;
  return (message && message !== name ? `${name}: ${message}` : name).replace(/\s+/g, ' ');
}

/** Trouble with the file at this end, such as a full disk. */
function isOfFile(error: unknown): boolean {
  const { syscall, path } = error as NodeJS.ErrnoException;
  return syscall !== undefined && path !== undefined;
}
