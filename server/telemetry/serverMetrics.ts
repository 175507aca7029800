import type { RequestHandler } from 'express';
import type pg from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts by state of what the tables hold, read when Prometheus asks: any server of a database tells the same. */
const STATES = `
  SELECT 'runs' AS kind, state::text, count(*)::int AS count FROM run GROUP BY state
  UNION ALL SELECT 'tasks', state::text, count(*)::int FROM worker_task GROUP BY state
  UNION ALL SELECT 'workers', state::text, count(*)::int FROM worker WHERE state IN ('IDLE', 'BUSY') GROUP BY state`;

export interface ObservedOperation {
  /** query, mutation or subscription. */
  type: string;
  /** The first field it asks for: its name is one of the schema's, while operations are named by clients as they like. */
  field: string;
  seconds: number;
  /** `extensions.code` of each error. */
  errors: readonly string[];
}

/** What this server measures of itself, in the form that Prometheus reads. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #requests = this.#histogram('http_request_seconds', 'Seconds that HTTP requests took.', [
    'method',
    'route',
    'status',
  ]);
  readonly #operations = this.#histogram(
    'graphql_operation_seconds',
    'Seconds that GraphQL operations took, by the first field asked for.',
    ['type', 'field'],
  );
  readonly #errors = new Counter({
    name: 'frostline_graphql_errors_total',
    help: 'Errors that GraphQL operations were answered with, by code.',
    labelNames: ['code'],
    registers: [this.#registry],
  });
  readonly #states = (['runs', 'tasks', 'workers'] as const).map((kind) => ({
    kind,
    gauge: new Gauge({
      name: `frostline_${kind}`,
      help: `How many ${kind} there are, by state.`,
      labelNames: ['state'],
      registers: [this.#registry],
    }),
  }));

  constructor(
    private readonly pool: pg.Pool,
    { sockets }: { sockets: () => number },
  ) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('sockets', 'WebSocket connections that are open.', sockets);
    this.#gauge('database_connections', "Connections in the server's pool.", () => pool.totalCount);
    this.#gauge('database_waiting', 'Queries that wait for a connection.', () => pool.waitingCount);
  }

  /** Times every request; routes are those of this server, so that their number is bounded. */
  observeRequests(routeOf: (path: string) => string): RequestHandler {
    return (request, response, next) => {
      const route = routeOf(request.path);
      const { method } = request;
      const end = this.#requests.startTimer();
      response.once('close', () => end({ method, route, status: String(response.statusCode) }));
      next();
    };
  }

  observeOperation({ type, field, seconds, errors }: ObservedOperation): void {
    this.#operations.observe({ type, field }, seconds);
    for (const code of errors) this.#errors.inc({ code });
  }

  /** All metrics as text, and its content type. @throws when the database does not answer */
  async read(): Promise<{ contentType: string; text: string }> {
    const { rows } = await this.pool.query<{ kind: string; state: string; count: number }>(STATES);
    for (const { kind, gauge } of this.#states) {
      gauge.reset();
      for (const row of rows) if (row.kind === kind) gauge.set({ state: row.state }, row.count);
    }
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #histogram<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    const registers = [this.#registry];
    return new Histogram({ name: `frostline_${name}`, help, labelNames, buckets: SECONDS, registers });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `frostline_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
