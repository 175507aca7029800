import { readConfig } from '../../server/config.js';
import { type S3Settings } from '../../server/blobs/s3BlobStore.js';

/** `FROSTLINE_BLOBS` of a place in the bucket that `npm run test:s3` has made. */
export function blobsAt(prefix: string): string {
  return `s3://${process.env.FROSTLINE_TEST_BUCKET}/${prefix}`;
}

/** The same, as the server reads it. */
export function settingsAt(prefix: string, env: Record<string, string> = {}): S3Settings {
  const { blobs } = readConfig({ ...process.env, FROSTLINE_BLOBS: blobsAt(prefix), ...env });
  if (blobs.kind !== 's3') throw new Error('expected a bucket');
  return blobs;
}
