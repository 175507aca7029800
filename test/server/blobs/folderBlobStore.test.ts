import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderBlobStore } from '../../../server/blobs/folderBlobStore.js';
import { describeBlobStore } from '../../support/blobStoreConformance.js';

const folders: string[] = [];

describeBlobStore('the folder of blobs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'frostline-blobs-'));
  folders.push(folder);
  const store = join(folder, 'store');
  return {
    blobs: folderBlobStore(store),
    damage: (sha256, bytes) => writeFile(join(store, sha256.slice(0, 2), sha256), bytes),
    async keys() {
      if (!existsSync(store)) return [];
      const entries = await readdir(store, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
  };
});

after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
