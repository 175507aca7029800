import { Agent, request } from 'node:http';

/** GraphQL over HTTP on connections that stay open; as little of its own as can be, as it shares the machine with the server. */
export class Client {
  readonly #agent: Agent;

  constructor(
    private readonly port: number,
    connections: number,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends an operation and reads its answer; an error in it is one here. */
  async query<Data>(query: string, variables: object = {}): Promise<Data> {
    return this.send<Data>(bodyOf(query, variables));
  }

  /** Sends a body that was made before. */
  async send<Data>(body: Buffer): Promise<Data> {
    const text = await this.#post(body);
    const { data, errors } = JSON.parse(text) as { data: Data; errors?: { message: string }[] };
    if (errors) throw new Error(errors[0]!.message);
    return data;
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(body: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: this.port,
          path: '/graphql',
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': body.length },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
          answer.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

/** A request's body. */
export function bodyOf(query: string, variables: object): Buffer {
  return Buffer.from(JSON.stringify({ query, variables }));
}

/** Runs `work` on so many connections at once until the time is over; returns how often it ran in a second. */
export async function measureRate(
  connections: number,
  seconds: number,
  work: (connection: number, turn: number) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  const end = start + 1000 * seconds;
  let done = 0;
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      for (let turn = 0; performance.now() < end; turn += 1) {
        await work(connection, turn);
        done += 1;
      }
    }),
  );
  return (1000 * done) / (performance.now() - start);
}
