import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type FrostlineError } from '../../experiments/errors.js';
import { type BlobStore } from '../../server/blobs/blobStore.js';

/** A store to be tried, empty, and its bytes from behind. */
export interface TriedStore {
  blobs: BlobStore;
  /** Replaces what is stored under a digest, as a failing disk would. */
  damage(sha256: string, bytes: Uint8Array): Promise<void>;
  /** Everything that lies in the store, finished or not. */
  keys(): Promise<string[]>;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const isOf = (code: string) => (error: FrostlineError) => error.code === code;

/** What every store of blobs has to do. `open` gives an empty one before each test. */
export function describeBlobStore(name: string, open: () => Promise<TriedStore>): void {
  describe(name, () => {
    let folder: string;
    let tried: TriedStore;
    let blobs: BlobStore;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'frostline-blobs-'));
      tried = await open();
      ({ blobs } = tried);
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));
    const listed = async () => {
      const found = [];
      for await (const blob of blobs.list()) found.push(blob);
      return found.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    };

    it('addresses bytes by their SHA-256, from memory or from a stream', async () => {
      const bytes = Buffer.from('weights');
      const sha256 = digestOf(bytes);
      assert.deepEqual(await blobs.put(bytes), { sha256, bytes: 7 });
      const stream = Readable.from([Buffer.from('wei'), Buffer.from('ghts')]);
      assert.deepEqual(await blobs.put(stream), { sha256, bytes: 7 });
      assert.deepEqual(await blobs.get(sha256), bytes);
      assert.equal((await tried.keys()).length, 1);
    });

    it('keeps nothing at all, and every value of a byte', async () => {
      for (const bytes of [Buffer.alloc(0), Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))]) {
        const { sha256 } = await blobs.put(bytes);
        assert.deepEqual(await blobs.get(sha256), bytes);
        assert.deepEqual(await blobs.put(Readable.from([bytes])), { sha256, bytes: bytes.length });
      }
    });

    it('keeps what takes several parts, from memory and from a stream', async () => {
      const bytes = randomBytes(40 * 2 ** 20 + 1);
      const sha256 = digestOf(bytes);
      const pieces = Array.from({ length: 41 }, (_, index) =>
        bytes.subarray(index * 2 ** 20, (index + 1) * 2 ** 20),
      );
      assert.deepEqual(await blobs.put(bytes), { sha256, bytes: bytes.length });
      await blobs.delete(sha256);
      assert.deepEqual(await blobs.put(Readable.from(pieces)), { sha256, bytes: bytes.length });
      assert.ok(bytes.equals(await blobs.get(sha256)));
      const path = join(folder, 'copy');
      await blobs.copyTo(sha256, path);
      assert.ok(bytes.equals(await readFile(path)));
      assert.ok(bytes.equals(await buffer(await blobs.read(sha256))));
    });

    it('leaves nothing when the source fails half-way', async () => {
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('half');
          throw new Error('the source broke');
        })(),
      );
      await assert.rejects(blobs.put(broken), /the source broke/);
      assert.deepEqual(await tried.keys(), []);
    });

    it('notices bytes that have changed, and heals when they are put again', async () => {
      const bytes = Buffer.from('weights');
      const { sha256 } = await blobs.put(bytes);
      const path = join(folder, 'copy');
      for (const changed of ['weighty', 'other', '']) {
        await tried.damage(sha256, Buffer.from(changed));
        await assert.rejects(blobs.get(sha256), isOf('CORRUPT'));
        await assert.rejects(blobs.copyTo(sha256, path), isOf('CORRUPT'));
        await assert.rejects(async () => buffer(await blobs.read(sha256)), isOf('CORRUPT'));
        assert.ok(!existsSync(path), 'a file that cannot be trusted is not left');
      }
      await blobs.put(bytes);
      assert.deepEqual(await blobs.get(sha256), bytes);
    });

    it('says that a blob is not there, and takes no paths for digests', async () => {
      for (const digest of ['0'.repeat(64), '../../etc/passwd', 'A'.repeat(64), '']) {
        await assert.rejects(blobs.get(digest), isOf('NOT_FOUND'));
        await assert.rejects(blobs.copyTo(digest, join(folder, 'copy')), isOf('NOT_FOUND'));
        await assert.rejects(blobs.read(digest), isOf('NOT_FOUND'));
      }
      assert.equal(await blobs.has('0'.repeat(64)), false);
      await assert.rejects(blobs.has('../../etc/passwd'), isOf('NOT_FOUND'));
    });

    it('does not write a copy over a file that is there', async () => {
      const { sha256 } = await blobs.put(Buffer.from('weights'));
      const path = join(folder, 'precious');
      await writeFile(path, 'precious');
      await assert.rejects(
        blobs.copyTo(sha256, path),
        (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
      );
      assert.equal(await readFile(path, 'utf8'), 'precious');
    });

    it('forgets what is deleted, and does not mind what is not there', async () => {
      const { sha256 } = await blobs.put(Buffer.from('weights'));
      assert.equal(await blobs.has(sha256), true);
      await blobs.delete(sha256);
      await blobs.delete(sha256);
      assert.equal(await blobs.has(sha256), false);
      await assert.rejects(blobs.get(sha256), isOf('NOT_FOUND'));
    });

    it('lists what it holds, with sizes and times', async () => {
      assert.deepEqual(await listed(), []);
      const texts = ['one', 'two', 'three', 'four'];
      for (const text of texts) await blobs.put(Buffer.from(text));
      const found = await listed();
      assert.deepEqual(
        found.map(({ sha256, bytes }) => [sha256, bytes]),
        texts
          .map((text) => [digestOf(Buffer.from(text)), text.length])
          .sort(([a], [b]) => (a! < b! ? -1 : 1)),
      );
      for (const { modifiedAt } of found) assert.ok(Math.abs(modifiedAt.getTime() - Date.now()) < 3_600_000);
    });

    it('takes the same bytes from many at once', async () => {
      const bytes = randomBytes(100_000);
      const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put(bytes)));
      assert.equal(new Set(stored.map(({ sha256 }) => sha256)).size, 1);
      assert.ok(bytes.equals(await blobs.get(stored[0]!.sha256)));
      assert.equal((await tried.keys()).length, 1);
    });
  });
}
