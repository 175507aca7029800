import { type Access } from './roles.js';

/**
 * The role that each HTTP route asks for, at least. The server does not start while a route has no line here, or a line no
 * route; `routes.add` in server/http/httpServer.ts is the way to add one.
 */
export const routeAccess: Record<string, Access> = {
  'GET /healthz': 'PUBLIC',
  'GET /readyz': 'PUBLIC',
  'GET /metrics': 'VIEWER',
  'POST /session': 'PUBLIC',
  'DELETE /session': 'PUBLIC',
  // Which role depends on the fields that are asked for: fieldAccess.ts.
  'POST /graphql': 'VIEWER',
  'GET /graphql': 'VIEWER',
  // What programs written for OpenAI's API and for text-embeddings-inference ask.
  'POST /v1/embeddings': 'VIEWER',
  'GET /v1/models': 'VIEWER',
  'GET /v1/models/*id': 'VIEWER',
  'POST /embed': 'VIEWER',
  'POST /predict': 'VIEWER',
  // Files of rows; the dashboard's page of a dataset is at the second as well.
  'POST /datasets/:name': 'EDITOR',
  'GET /datasets/:name': 'VIEWER',
  // A run's model as a zip archive.
  'GET /runs/:id/export': 'VIEWER',
  // The page to sign in at, and the files that pages are made of: they are the same for everybody and say nothing about runs.
  'GET /sign-in': 'PUBLIC',
  'GET /_next/static/{*file}': 'PUBLIC',
  'GET /theme.js': 'PUBLIC',
  'GET /icon.svg': 'PUBLIC',
  // Every other page of the dashboard.
  'GET /{*page}': 'VIEWER',
};
