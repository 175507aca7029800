import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttableProxy {
  port: number;
  /** From now on nothing passes: open connections fall silent towards the client, as when a cable is pulled, and new ones do not open. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** Passes TCP connections on to a loopback port, until it is cut. */
export async function startProxy(target: number): Promise<CuttableProxy> {
  const pairs = new Set<{ client: Socket; upstream: Socket }>();
  let isCut = false;
  const server = createServer((client) => {
    client.on('error', () => {});
    if (isCut) return; // accepted by the kernel, answered by nobody
    const upstream = connect(target, '127.0.0.1');
    const pair = { client, upstream };
    pairs.add(pair);
    upstream.on('error', () => {});
    client.on('data', (data) => !isCut && upstream.write(data));
    upstream.on('data', (data) => !isCut && client.write(data));
    client.on('close', () => {
      upstream.destroy();
      pairs.delete(pair);
    });
    upstream.on('close', () => !isCut && client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      // What Postgres' keep-alives would find out after some seconds.
      for (const { upstream } of pairs) upstream.destroy();
    },
    mend() {
      isCut = false;
      for (const { client } of pairs) client.destroy();
    },
    close() {
      server.close();
      for (const { client, upstream } of pairs) {
        client.destroy();
        upstream.destroy();
      }
    },
  };
}
