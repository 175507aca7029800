const EXACT = new Set(['/graphql', '/healthz', '/readyz', '/metrics', '/embed', '/predict']);

/** The route that a path belongs to, for measurements: one of a few, whatever clients ask for. */
export function routeOf(path: string): string {
  if (EXACT.has(path)) return path;
  const [, first = ''] = path.split('/');
  return first === 'v1' || first === 'datasets' ? `/${first}` : 'dashboard';
}
