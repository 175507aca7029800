import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type FrostlineError } from '../../../experiments/errors.js';
import { type BlobStore } from '../../../server/blobs/blobStore.js';
import { folderBlobStore } from '../../../server/blobs/folderBlobStore.js';

describe('the folder of blobs', () => {
  let folder: string;
  let blobs: BlobStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'frostline-blobs-'));
    blobs = folderBlobStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('addresses bytes by their SHA-256, from memory or from a stream', async () => {
    const bytes = Buffer.from('weights');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual(await blobs.put(bytes), { sha256, bytes: 7 });
    assert.deepEqual(await blobs.put(Readable.from([Buffer.from('wei'), Buffer.from('ghts')])), {
      sha256,
      bytes: 7,
    });
    assert.deepEqual(await blobs.get(sha256), bytes);
    assert.deepEqual(await buffer(await blobs.read(sha256)), bytes);
  });

  it('leaves nothing when the source fails half-way', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('the source broke');
      })(),
    );
    await assert.rejects(blobs.put(broken), /the source broke/);
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
  });

  it('notices bytes that have changed', async () => {
    const { sha256 } = await blobs.put(Buffer.from('weights'));
    await writeFile(join(folder, sha256.slice(0, 2), sha256), 'other');
    await assert.rejects(blobs.get(sha256), (error: FrostlineError) => error.code === 'CORRUPT');
    await assert.rejects(
      buffer(await blobs.read(sha256)),
      (error: FrostlineError) => error.code === 'CORRUPT',
    );
  });

  it('says that a blob is not there, and takes no paths for digests', async () => {
    for (const name of ['0'.repeat(64), '../../etc/passwd']) {
      await assert.rejects(blobs.get(name), (error: FrostlineError) => error.code === 'NOT_FOUND');
      await assert.rejects(blobs.read(name), (error: FrostlineError) => error.code === 'NOT_FOUND');
    }
  });
});
