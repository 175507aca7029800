import assert from 'node:assert/strict';
import { limits } from '../../../server/limits.js';
import { useServer } from '../../support/server.js';

describe('what a server says of itself', () => {
  const server = useServer({ FROSTLINE_UPLOAD_ROWS: '1234', FROSTLINE_BODY_LIMIT: '2048' });

  it('is its versions and the limits that it was started with', async () => {
    const { data, errors } = await server.query(
      '{ server { version nodeVersion offline uploadRows bodyBytes pageRows statementSeconds } }',
    );
    assert.equal(errors, undefined);
    assert.deepEqual(data.server, {
      version: '0.1.0',
      nodeVersion: process.version,
      offline: true,
      uploadRows: 1234,
      bodyBytes: 2048,
      pageRows: limits.page,
      statementSeconds: 30,
    });
  });
});
