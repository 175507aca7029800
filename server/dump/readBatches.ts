import { createHash } from 'node:crypto';
import { type Readable } from 'node:stream';
import { badInput, FrostlineError } from '../../experiments/errors.js';

const BATCH_BYTES = 4 * 2 ** 20;
const MAX_BATCH_ROWS = 5_000;

/**
 * The lines of a file, some at once. It ends with an error when the file is not the one with this digest: what was done with the
 * lines before must then be undone.
 */
export async function* readBatches(
  file: Readable,
  { source, sha256 }: { source: string; sha256: string },
): AsyncGenerator<string[]> {
  const hash = createHash('sha256');
  let rest: Buffer[] = [];
  let batch: string[] = [];
  let bytes = 0;
  const damaged = (what: string): FrostlineError => new FrostlineError('CORRUPT', what, { source });
  try {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      hash.update(chunk);
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        const line = Buffer.concat([...rest, chunk.subarray(start, end)]);
        rest = [];
        start = end + 1;
        batch.push(line.toString('utf8'));
        bytes += line.length;
        if (bytes < BATCH_BYTES && batch.length < MAX_BATCH_ROWS) continue;
        yield batch;
        batch = [];
        bytes = 0;
      }
      rest.push(chunk.subarray(start));
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw badInput('expected a file of the dump, there is none', { source, cause });
  }
  if (rest.some((part) => part.length > 0)) throw damaged('expected a whole last line, it breaks off');
  if (hash.digest('hex') !== sha256)
    throw damaged('the file has changed: its digest is not the one in the manifest');
  yield batch;
}
