import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { FetchProgress } from '../model.js';
import { modelFiles, neededModelFiles } from './files.js';
import type { Manifest } from './manifest.js';

export interface HubOptions {
  url: string;
  token?: string;
  onProgress?(event: FetchProgress): void;
  signal?: AbortSignal;
}

/** The hub has to answer within this, and its answers may pause no longer than that. */
const answerTimeoutMs = 5_000;
const pauseTimeoutMs = 30_000;

/** Fetches a model's files from the Hugging Face hub, at the commit that is its newest now, into a folder. */
export async function fetchFromHub(
  id: string,
  folder: string,
  options: HubOptions,
): Promise<{ manifest: Omit<Manifest, 'files'>; names: string[] }> {
  const { downloadFile, fileDownloadInfo, modelInfo } = await import('@huggingface/hub');
  const common = {
    hubUrl: options.url,
    fetch: fetchWithTimeout(options.signal),
    ...(options.token ? { accessToken: options.token } : {}),
  };
  const info = await modelInfo({ ...common, name: id, additionalFields: ['sha', 'filePaths'] });
  const names = modelFiles.filter((name) => info.filePaths.includes(name));
  const missing = neededModelFiles.find((name) => !names.includes(name));
  if (missing !== undefined) throw new Error(`it has no ${missing}`);

  const repo = { type: 'model', name: info.name } as const;
  for (const path of names) {
    const file = { ...common, repo, path, revision: info.sha };
    const downloadInfo = await fileDownloadInfo(file);
    const blob = downloadInfo && (await downloadFile({ ...file, downloadInfo, xet: false }));
    if (!blob) throw new Error(`it has no ${path}`);
    const hash = createHash('sha256');
    const label = `${id}/${path}`;
    let done = 0;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    const chunks = Readable.fromWeb(blob.stream() as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(
      chunks,
      async function* (source: AsyncIterable<Uint8Array>) {
        for await (const chunk of withoutPauses(source)) {
          hash.update(chunk);
          done += chunk.length;
          options.onProgress?.({ label, done, total: downloadInfo.size });
          yield chunk;
        }
      },
      createWriteStream(target),
      { signal: options.signal },
    );
    if (done !== downloadInfo.size)
      throw new Error(`${path} ended after ${done} of ${downloadInfo.size} bytes`);
    const etag = downloadInfo.etag.replace(/^W\/|"/g, '');
    const digest = hash.digest('hex');
    // Large files carry their SHA-256 as ETag; small ones a Git object id, which is not one.
    if (/^[0-9a-f]{64}$/.test(etag) && etag !== digest)
      throw new Error(`${path} has SHA-256 ${digest} instead of ${etag}`);
  }
  return { manifest: { model: id, source: 'hub', origin: `${options.url}/${info.name}@${info.sha}` }, names };
}

/** fetch, with a limit on the time until the answer begins. */
function fetchWithTimeout(cancelled?: AbortSignal): typeof fetch {
  return async (input, init) => {
    const controller = new AbortController();
    const late = new Error(`no answer within ${answerTimeoutMs / 1000} s`);
    const timer = setTimeout(() => controller.abort(late), answerTimeoutMs);
    const signal =
      cancelled === undefined ? controller.signal : AbortSignal.any([controller.signal, cancelled]);
    try {
      return await fetch(input, { ...init, signal });
    } finally {
      clearTimeout(timer);
    }
  };
}

async function* withoutPauses(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`nothing came for ${pauseTimeoutMs / 1000} s`)),
        pauseTimeoutMs,
      );
    });
    try {
      const next = await Promise.race([iterator.next(), pause]);
      if (next.done === true) return;
      yield next.value;
    } finally {
      clearTimeout(timer);
    }
  }
}
