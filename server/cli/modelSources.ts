import type { ResolveOptions } from '../../experiments/models/resolver.js';
import type { Config } from '../config.js';
import { printNotice } from './printNotice.js';

/** Where a command looks for models, and how it tells of fetching one. */
export function modelSources(config: Config): ResolveOptions {
  return {
    cacheFolder: config.cacheFolder,
    huggingFaceCache: config.huggingFaceCache,
    hubUrl: config.hubUrl,
    ...(config.hubToken === null ? {} : { hubToken: config.hubToken }),
    offline: config.offline,
    onNotice: printNotice,
    onProgress: progressPrinter(),
  };
}

/** A line that counts up in a terminal; one line a file elsewhere. */
function progressPrinter(): NonNullable<ResolveOptions['onProgress']> {
  let label = '';
  let shown = 0;
  return (event) => {
    const fresh = event.label !== label;
    label = event.label;
    if (!process.stderr.isTTY) {
      if (fresh) process.stderr.write(`fetching ${label}\n`);
      return;
    }
    const now = Date.now();
    const complete = event.total > 0 && event.done >= event.total;
    if (!fresh && !complete && now - shown < 100) return;
    shown = now;
    const share = event.total > 0 ? ` ${Math.floor((100 * event.done) / event.total)} %` : '';
    process.stderr.write(`\r\x1b[Kfetching ${label}${share}${complete ? '\n' : ''}`);
  };
}
