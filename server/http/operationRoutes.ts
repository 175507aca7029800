import type { Request, Response } from 'express';
import type pg from 'pg';
import { type Logger } from '../db/logger.js';
import { type ServerMetrics } from '../telemetry/serverMetrics.js';
import { type Routes } from './routes.js';

/** What load balancers, supervisors and Prometheus ask: `/healthz`, `/readyz`, `/metrics`. */
export function addOperationRoutes(
  routes: Routes,
  options: { pool: pg.Pool; metrics: ServerMetrics; log: Logger; isDraining: () => boolean },
): void {
  const { pool, metrics, log, isDraining } = options;
  routes.add(
    'GET /healthz',
    (_request: Request, response: Response) => void response.type('text/plain').send('ok\n'),
  );
  routes.add('GET /readyz', async (_request: Request, response: Response) => {
    const reason = isDraining() ? 'the server is stopping' : await whyUnreachable(pool);
    response
      .status(reason === null ? 200 : 503)
      .type('text/plain')
      .send(`${reason ?? 'ready'}\n`);
  });
  routes.add('GET /metrics', async (_request: Request, response: Response) => {
    try {
      const { contentType, text } = await metrics.read();
      response.setHeader('Content-Type', contentType);
      response.end(text);
    } catch (error) {
      log.warn(`no metrics: ${(error as Error).message}`);
      response.status(503).type('text/plain').send('the database does not answer\n');
    }
  });
}

function whyUnreachable(pool: pg.Pool): Promise<string | null> {
  return pool.query('SELECT 1').then(
    () => null,
    () => 'the database does not answer',
  );
}
