import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startServer } from '../bench-tracker/server.js';
import { root } from '../bench/workplace.js';
import type { Contender, ServeBench } from './serveBench.js';

/** What clients that send one sentence at a time, again and again, get from a server. */
export interface Served {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const clients = 32;

/** Both servers under the same clients, one after the other. */
export async function overHttp(bench: ServeBench): Promise<Map<Contender, Served>> {
  const served = new Map<Contender, Served>();
  const measure = async (contender: Contender, port: number, body: object): Promise<void> => {
    await load(port, body, bench, bench.quick ? 0.2 : 3);
    const result = await load(port, body, bench, bench.quick ? 1 : 12);
    served.set(contender, result);
    const { requestsPerSecond, p50Ms, p99Ms } = result;
    const told = `${requestsPerSecond.toFixed(0)} requests/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
    bench.tell(`over HTTP, ${contender}: ${told}`);
  };
  const server = await startServer({
    ...process.env,
    FROSTLINE_CACHE: join(root, '.frostline', 'cache'),
    FROSTLINE_THREADS: String(bench.threads),
  });
  try {
    for (const precision of ['float32', 'int8'] as const) {
      await measure(`frostline ${precision}`, server.port, { model: bench.modelId, precision });
    }
  } finally {
    await server.stop();
  }
  if (bench.python === null) return served;
  const peer = await startPeer(bench, bench.python);
  try {
    await measure('peer float32', peer.port, {});
  } finally {
    peer.child.kill();
    await once(peer.child, 'exit');
  }
  return served;
}

/** Lets the clients ask for so many seconds. */
async function load(port: number, body: object, { sentences }: ServeBench, seconds: number): Promise<Served> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const bodies = sentences.map((sentence) => Buffer.from(JSON.stringify({ ...body, inputs: [sentence] })));
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  let next = 0;
  const client = async (): Promise<void> => {
    for (let now = performance.now(); now < end; now = performance.now()) {
      await post(agent, port, bodies[next++ % bodies.length]!);
      latencies.push(performance.now() - now);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    agent.destroy();
  }
  const took = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))]!;
  return { requestsPerSecond: latencies.length / took, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function post(agent: Agent, port: number, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request(
      { agent, host: '127.0.0.1', port, path: '/embed', method: 'POST', headers },
      (answer) => {
        answer.resume();
        answer.on('error', reject);
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function startPeer(
  { model, threads }: ServeBench,
  python: string,
): Promise<{ child: ChildProcess; port: number }> {
  const script = join(root, 'scripts', 'bench-serve', 'peer.py');
  const child = spawn(python, [script, '--threads', String(threads), 'serve', model], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return { child, port: (JSON.parse(line) as { port: number }).port };
  }
  throw new Error('the FastAPI server ended before it listened');
}
