import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTestDatabase } from '../../support/database.js';

interface Exported {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeSpans: { spans: { name: string; traceId: string; spanId: string; parentSpanId?: string }[] }[];
  }[];
}

describe('traces', () => {
  const received: Exported[] = [];
  let collector: Server;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-traces-'));
    collector = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        if (request.url === '/v1/traces')
          received.push(JSON.parse(Buffer.concat(parts).toString()) as Exported);
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  after(() => {
    collector.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('go to the collector that a variable names, below the span of the client', async () => {
    const database = await createTestDatabase();
    const { port } = collector.address() as AddressInfo;
    const program = fileURLToPath(new URL('tracedServer.ts', import.meta.url));
    await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--import', '@swc-node/register/esm-register', program],
      {
        env: {
          ...process.env,
          DATABASE_URL: database.url,
          FROSTLINE_DATA: folder,
          PORT: '0',
          HOST: '127.0.0.1',
          FROSTLINE_OFFLINE: '1',
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        },
      },
    );
    await database.drop();
    const [{ resource, scopeSpans }] = received.flatMap(({ resourceSpans }) => resourceSpans) as [
      Exported['resourceSpans'][number],
    ];
    const attributes = new Map(resource.attributes.map(({ key, value }) => [key, value.stringValue]));
    assert.equal(attributes.get('service.name'), 'frostline-test');
    assert.equal(attributes.get('service.version'), '1.2.3');
    const spans = scopeSpans.flatMap((scope) => scope.spans);
    const request = spans.find(({ name }) => name === 'POST /graphql')!;
    const operation = spans.find(({ name }) => name === 'query workers')!;
    assert.equal(request.traceId, '0af7651916cd43dd8448eb211c80319c');
    assert.equal(request.parentSpanId, 'b7ad6b7169203331');
    assert.equal(operation.parentSpanId, request.spanId);
  });
});
