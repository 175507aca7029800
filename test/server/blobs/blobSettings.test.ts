import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readConfig } from '../../../server/config.js';

const read = (env: Record<string, string>) => readConfig({ FROSTLINE_DATA: '/data', ...env });

describe('where blobs are kept', () => {
  it('is a folder below the data folder, unless another is said', () => {
    assert.deepEqual(read({}).blobs, { kind: 'folder', folder: join('/data', 'blobs') });
    assert.equal(read({}).sharesBlobs, false);
    assert.deepEqual(read({ FROSTLINE_BLOBS: '/mnt/shared' }).blobs, {
      kind: 'folder',
      folder: '/mnt/shared',
    });
    assert.equal(read({ FROSTLINE_BLOBS: '/mnt/shared' }).sharesBlobs, true);
  });

  it('is a bucket with what the variables of the AWS SDK say, and with nothing that they do not', () => {
    assert.deepEqual(read({ FROSTLINE_BLOBS: 's3://bucket' }).blobs, {
      kind: 's3',
      bucket: 'bucket',
      prefix: '',
      endpoint: null,
      region: null,
      credentials: null,
    });
    const env = {
      FROSTLINE_BLOBS: 's3://my.bucket/some/prefix/',
      AWS_ENDPOINT_URL: 'https://elsewhere.example',
      AWS_ENDPOINT_URL_S3: 'https://s3.example',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    assert.deepEqual(read(env).blobs, {
      kind: 's3',
      bucket: 'my.bucket',
      prefix: 'some/prefix',
      endpoint: 'https://s3.example',
      region: 'us-east-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    });
    assert.equal(
      (read({ ...env, AWS_REGION: 'eu-central-1' }).blobs as { region: string }).region,
      'eu-central-1',
    );
  });

  for (const [what, env, message] of [
    [
      'another kind of store',
      { FROSTLINE_BLOBS: 'gs://bucket' },
      /^FROSTLINE_BLOBS: expected a folder, or s3:/,
    ],
    ['a bucket without a name', { FROSTLINE_BLOBS: 's3://' }, /^FROSTLINE_BLOBS: /],
    [
      'an endpoint that is no URL',
      { FROSTLINE_BLOBS: 's3://bucket', AWS_ENDPOINT_URL_S3: 's3.example' },
      /^AWS_ENDPOINT_URL_S3: expected a URL/,
    ],
  ] as const) {
    it(`is not ${what}`, () => assert.throws(() => read(env), { code: 'BAD_USER_INPUT', message }));
  }
});
