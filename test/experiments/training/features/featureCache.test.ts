import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { listEntries, pruneEntries } from '../../../../experiments/training/features/cacheEntries.js';
import { FeatureCache } from '../../../../experiments/training/features/featureCache.js';
import type { FeatureEntry } from '../../../../experiments/training/features/featureEntry.js';
import { startProcess } from '../../../support/processes.js';
import { rowOf, sampleRequest } from './sampleEntry.js';

const script = 'experiments/training/features/fillEntry.ts';

describe('the feature cache', () => {
  let folder: string;
  let notices: string[];
  let cache: FeatureCache;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-features-'));
    notices = [];
    cache = open();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function open(maxBytes?: number): FeatureCache {
    return new FeatureCache(folder, { maxBytes, onNotice: (_level, message) => notices.push(message) });
  }

  function files(): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  function entryFile(name = 'sample'): string {
    const { key } = sampleRequest(name);
    return join(folder, key.slice(0, 2), `${key}.features`);
  }

  function check(entry: FeatureEntry, width = 4): void {
    const out = new Float32Array(1 + 2 * width);
    assert.equal(entry.read(0, out, 0), width);
    assert.ok(Buffer.from(out.buffer, 0, 4 * width).equals(Buffer.from(rowOf(0, width).buffer)));
    assert.equal(entry.read(1, out, 1), 2 * width);
    assert.ok(Buffer.from(out.buffer, 4).equals(Buffer.from(rowOf(1, 2 * width).buffer)));
  }

  /** An entry that was last used so many minutes ago; a mebibyte and a little. */
  async function made(name: string, minutesAgo: number): Promise<void> {
    (await cache.get(sampleRequest(name, 87_382))).entry.close();
    const then = new Date(Date.now() - minutesAgo * 60_000);
    utimesSync(entryFile(name), then, then);
  }

  it('computes an entry once and gives back the same bits', async () => {
    const first = await cache.get(sampleRequest());
    const second = await open().get(sampleRequest());
    assert.deepEqual([first.computed, second.computed], [true, false]);
    check(first.entry);
    check(second.entry);
    first.entry.close();
    second.entry.close();
    assert.deepEqual(files(), [entryFile()], 'nothing else stays behind');
    assert.deepEqual(notices, []);
  });

  it('reads an entry that is too large to be held in memory row by row', async () => {
    const width = 6 * 2 ** 20; // 72 MiB
    const { entry } = await cache.get(sampleRequest('large', width));
    check(entry, width);
    entry.close();
    const again = cache.open(sampleRequest('large').key);
    assert.ok(again);
    check(again, width);
    again.close();
  });

  it('computes an entry again when any bit of it has flipped, and says so', async () => {
    (await cache.get(sampleRequest())).entry.close();
    const bytes = readFileSync(entryFile());
    for (let index = 0; index < bytes.length; index += 7) {
      const flipped = Buffer.from(bytes);
      flipped[index] ^= 1 << (index % 8);
      writeFileSync(entryFile(), flipped);
      notices.length = 0;
      const { entry, computed } = await cache.get(sampleRequest());
      check(entry);
      entry.close();
      assert.ok(computed, `bit in byte ${index}`);
      assert.match(notices.join(), new RegExp(`${entryFile()} was damaged; it is computed again`));
    }
  });

  it('computes an entry again that was cut short', async () => {
    (await cache.get(sampleRequest())).entry.close();
    const bytes = readFileSync(entryFile());
    for (const length of [0, 3, 10, 48, bytes.length - 1]) {
      writeFileSync(entryFile(), bytes.subarray(0, length));
      const { entry, computed } = await cache.get(sampleRequest());
      assert.ok(computed, `of ${length} bytes`);
      check(entry);
      entry.close();
    }
  });

  it('leaves nothing behind when computing fails', async () => {
    const failing = { ...sampleRequest(), fill: () => Promise.reject(new Error('no luck')) };
    await assert.rejects(cache.get(failing), /no luck/);
    assert.deepEqual(files(), []);
    (await cache.get(sampleRequest())).entry.close();
  });

  it('lists entries with size, last use and what they hold', async () => {
    await made('older', 60);
    await made('newer', 5);
    const { entry } = await cache.get(sampleRequest('open'));
    const [older, newer, opened] = listEntries(folder);
    assert.deepEqual(
      [older, newer, opened].map(({ contents, inUse }) => [contents?.model, inUse]),
      [
        ['model of older', false],
        ['model of newer', false],
        ['model of open', true],
      ],
    );
    assert.ok(older.bytes > 2 ** 20 && older.bytes < 2 ** 20 + 1000);
    assert.ok(Math.abs(Date.now() - older.lastUse.getTime() - 3600e3) < 60e3);
    entry.close();
  });

  it('makes room for a new entry by dropping what was used longest ago', async () => {
    await made('a', 30);
    await made('b', 20);
    await made('c', 10);
    cache.open(sampleRequest('a').key)?.close(); // now b is the least recently used
    const { entry } = await open(3.5 * 2 ** 20).get(sampleRequest('d', 87_382));
    entry.close();
    assert.deepEqual(
      listEntries(folder).map(({ contents }) => contents?.model.slice(-1)),
      ['c', 'a', 'd'],
    );
  });

  it('never drops an entry that is open', async () => {
    await made('a', 30);
    const opened = cache.open(sampleRequest('a').key);
    await made('b', 20);
    const { entry } = await open(2.5 * 2 ** 20).get(sampleRequest('c', 87_382));
    assert.deepEqual(
      listEntries(folder).map(({ contents }) => contents?.model.slice(-1)),
      ['a', 'c'],
    );
    assert.equal(pruneEntries(folder, { all: true }).removed.length, 0);
    opened?.close();
    entry.close();
    assert.equal(pruneEntries(folder, { all: true }).removed.length, 2);
    assert.deepEqual(files(), []);
  });

  it('does not keep what is larger than the whole cache', async () => {
    await made('a', 30);
    const { entry } = await open(2 ** 20).get(sampleRequest('large', 174_763));
    assert.match(notices.join(), /take 0\.0021 GB, more than the 0\.0010 GB the cache may hold/);
    entry.close();
    assert.deepEqual(files(), [entryFile('a')]);
  });

  it('prunes by age and by size', async () => {
    await made('a', 30);
    await made('b', 20);
    await made('c', 10);
    const byAge = pruneEntries(folder, { unusedForMs: 25 * 60_000 });
    assert.deepEqual([byAge.removed.length, byAge.kept.length], [1, 2]);
    const bySize = pruneEntries(folder, { maxBytes: 1.5 * 2 ** 20 });
    assert.deepEqual([bySize.removed.length, bySize.kept.length], [1, 1]);
    assert.ok(existsSync(entryFile('c')));
  });

  it('lets one process compute what two want at once', async () => {
    const first = startProcess(script, { folder, rowMs: 600 });
    await first.said('computing');
    const second = await cache.get(sampleRequest());
    assert.equal(second.computed, false);
    check(second.entry);
    second.entry.close();
    assert.match(
      notices.join(),
      new RegExp(`Waiting for process ${first.child.pid} .*which computes the same features`),
    );
    assert.match((await first.ended).stdout, /\ncomputed\n/);
  });

  it('takes over from a process that was killed in the middle', async () => {
    const first = startProcess(script, { folder, rowMs: 60_000 });
    await first.said('computing');
    const second = cache.get(sampleRequest());
    setTimeout(() => first.child.kill('SIGKILL'), 300);
    const { entry, computed } = await second;
    assert.equal(computed, true);
    check(entry);
    entry.close();
    assert.deepEqual(
      files().filter((path) => !path.endsWith('.use')),
      [entryFile()],
      'the dead process left no half of an entry',
    );
    pruneEntries(folder, {});
    assert.deepEqual(files(), [entryFile()]);
  });

  it('stops waiting when the run is cancelled', async () => {
    const first = startProcess(script, { folder, rowMs: 60_000 });
    await first.said('computing');
    await assert.rejects(cache.get({ ...sampleRequest(), signal: AbortSignal.timeout(200) }), /aborted/);
    first.child.kill('SIGKILL');
    await first.ended;
  });
});
