import { type BlobStore } from './blobStore.js';
import { folderBlobStore } from './folderBlobStore.js';
import { type S3Settings } from './s3BlobStore.js';

/** Where blobs are kept. Plain data, so that threads can be given it. */
export type BlobSettings = { kind: 'folder'; folder: string } | ({ kind: 's3' } & S3Settings);

/** Opens the store that the configuration names. */
export async function openBlobStore(settings: BlobSettings): Promise<BlobStore> {
  if (settings.kind === 'folder') return folderBlobStore(settings.folder);
  // Its library is large: who does not use it does not wait for it.
  const { openS3BlobStore } = await import('./s3BlobStore.js');
  return openS3BlobStore(settings);
}
