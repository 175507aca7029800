import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface TestHub {
  url: string;
  requests(): number;
  close(): Promise<void>;
}

/** A hub on this machine that has one model; of the file named `spoil` it sends another last byte than it announces. */
export async function startHub(
  id: string,
  folder: string,
  options: { spoil?: string } = {},
): Promise<TestHub> {
  let requests = 0;
  const names = readdirSync(folder);
  const server = createServer((request, response) => {
    requests++;
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === `/api/models/${id}/revision/HEAD`) {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ _id: '1', id, sha: 'c0ffee', siblings: names.map((rfilename) => ({ rfilename })) }),
      );
      return;
    }
    const name = names.find((candidate) => pathname === `/${id}/resolve/c0ffee/${candidate}`);
    if (name === undefined) {
      response.writeHead(404).end();
      return;
    }
    const bytes = readFileSync(join(folder, name));
    response.setHeader('etag', `"${createHash('sha256').update(bytes).digest('hex')}"`);
    if (name === options.spoil) bytes[bytes.length - 1] ^= 1;
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (range === null) {
      response.end(bytes);
      return;
    }
    const [first, last] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
    response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${bytes.length}` });
    response.end(bytes.subarray(first, last + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
