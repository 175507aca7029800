import { join } from 'node:path';
import { type Config } from '../config.js';
import { type BlobStore } from './blobStore.js';
import { folderBlobStore } from './folderBlobStore.js';

/** Opens the store that the configuration names. */
export async function openBlobStore(config: Config): Promise<BlobStore> {
  return folderBlobStore(join(config.dataFolder, 'blobs'));
}
