import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where backbones that were fetched once are kept, so that tests need not fetch them again. */
export const cacheFolder =
  process.env.FROSTLINE_CACHE ??
  join(fileURLToPath(new URL('../..', import.meta.url)), '.frostline', 'cache');
