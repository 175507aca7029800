import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type FrostlineError } from '../../experiments/errors.js';
import { openS3BlobStore } from '../../server/blobs/s3BlobStore.js';
import { describeBlobStore } from '../support/blobStoreConformance.js';
import { settingsAt } from './bucket.js';

function clientOf({ endpoint, region, credentials }: ReturnType<typeof settingsAt>): S3Client {
  return new S3Client({
    endpoint: endpoint!,
    region: region!,
    credentials: credentials!,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

describeBlobStore('a bucket of blobs', async () => {
  const prefix = `blobs/${randomUUID()}`;
  const settings = settingsAt(prefix);
  const { bucket: Bucket } = settings;
  const client = clientOf(settings);
  return {
    blobs: await openS3BlobStore(settings),
    async damage(sha256, Body) {
      await client.send(
        new PutObjectCommand({ Bucket, Key: `${prefix}/${sha256.slice(0, 2)}/${sha256}`, Body }),
      );
    },
    async keys() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }));
      return [...Contents, ...Uploads].map(({ Key }) => Key!);
    },
  };
});

describe('a bucket that cannot be used', () => {
  for (const [what, changes, message] of [
    [
      'does not exist',
      { bucket: 'frostline-nowhere' },
      /bucket frostline-nowhere at http:\S+ cannot be used/,
    ],
    [
      'does not know the key',
      { credentials: { ...settingsAt('x').credentials!, secretAccessKey: 'not-to-be-told' } },
      /cannot be used \(.*status 403\)/,
    ],
    [
      'is not to be reached',
      { endpoint: 'http://127.0.0.1:1' },
      /at http:\/\/127\.0\.0\.1:1 cannot .*ECONNREFUSED/,
    ],
  ] as const) {
    it(`is told of when it ${what}, in one line and without secrets`, async () => {
      await assert.rejects(openS3BlobStore({ ...settingsAt('x'), ...changes }), (error: FrostlineError) => {
        assert.equal(error.code, 'UNAVAILABLE');
        assert.match(error.message, /^FROSTLINE_BLOBS: /);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n|not-to-be-told/);
        return true;
      });
    });
  }

  it('keeps two stores of one bucket apart by their prefixes', async () => {
    const id = randomUUID();
    const [one, other] = await Promise.all(
      [`${id}/a`, `${id}/ab`].map((prefix) => openS3BlobStore(settingsAt(prefix))),
    );
    const { sha256 } = await one!.put(Buffer.from('mine'));
    assert.equal(await other!.has(sha256), false);
    for await (const blob of other!.list()) assert.fail(`${blob.sha256} is not of this store`);
    let found = 0;
    for await (const blob of one!.list()) found += Number(blob.sha256 === sha256);
    assert.equal(found, 1);
  });
});
