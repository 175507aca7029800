import { setTimeout as sleep } from 'node:timers/promises';

import { FeatureCache } from '../../../../experiments/training/features/featureCache.js';
import { sampleRequest } from './sampleEntry.js';

/** A process that computes an entry row by row, at leisure, and says so. */
const { folder, rowMs } = JSON.parse(process.argv[2]) as { folder: string; rowMs: number };
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const cache = new FeatureCache(folder, { onNotice: (_level, message) => say(message) });
const request = sampleRequest();
const { entry, computed } = await cache.get({
  ...request,
  async fill(write) {
    say('computing');
    await request.fill((row, vectors) => write(row, vectors));
    for (let row = 0; row < request.counts.length; row++) await sleep(rowMs);
  },
});
say(computed ? 'computed' : 'reused');
entry.close();
