import type { Readable } from 'node:stream';

/** What was stored: its address and its size. */
export interface StoredBlob {
  sha256: string;
  bytes: number;
}

export interface ListedBlob extends StoredBlob {
  modifiedAt: Date;
}

/** Bytes addressed by their SHA-256: files in a folder, or objects in a bucket. */
export interface BlobStore {
  /** Stores the bytes; storing the same bytes again changes nothing. */
  put(content: Uint8Array | Readable): Promise<StoredBlob>;
  /** Reads a blob whole and checks its digest. NOT_FOUND when it is absent, CORRUPT when it is not what it was. */
  get(sha256: string): Promise<Buffer>;
  /** Reads a blob as a stream, which ends with an error when it is not what it was. NOT_FOUND when it is absent. */
  read(sha256: string): Promise<Readable>;
  /** Writes a blob into a new file, however large it is; checked as `get` does, and no file is left when it fails. */
  copyTo(sha256: string, path: string): Promise<void>;
  has(sha256: string): Promise<boolean>;
  delete(sha256: string): Promise<void>;
  /** Everything that is stored, in no order. What is put meanwhile may be among it. */
  list(): AsyncIterable<ListedBlob>;
}
