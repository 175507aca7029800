import type { Express, ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { type Access, permits, type Viewer } from '../auth/roles.js';
import { routeAccess } from '../auth/routeAccess.js';
import { type TokenRegistry } from '../auth/tokenRegistry.js';
import { refuseSimpleBodies } from './guards.js';
import { secretOf } from './credentials.js';
import { refusalBody } from './inference/refusalBody.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * The one way to add routes to the server: each asks for the role that server/auth/routeAccess.ts declares for it, before any
 * of its handlers runs. `check` proves that nothing was added in another way.
 */
export class Routes {
  readonly #app: Express;
  readonly #tokens: TokenRegistry;
  readonly #declared: Record<string, Access>;
  readonly #known = new Set<unknown>();

  constructor(app: Express, tokens: TokenRegistry, declared: Record<string, Access> = routeAccess) {
    this.#app = app;
    this.#tokens = tokens;
    this.#declared = declared;
  }

  /** Runs for every request, before the routes that are added later. */
  before(handler: RequestHandler): void {
    this.#known.add(handler);
    this.#app.use(handler);
  }

  /** Adds a route, such as `POST /datasets/:name`. */
  add(route: string, ...handlers: RequestHandler[]): void {
    const access = Object.hasOwn(this.#declared, route) ? this.#declared[route] : undefined;
    if (access === undefined)
      throw new Error(`declare a role for the route ${route} in server/auth/routeAccess.ts`);
    const [method, path] = route.split(' ') as [string, string];
    const gate = this.#gate(access);
    this.#known.add(gate);
    const before = method === 'POST' ? [gate, refuseSimpleBodies] : [gate];
    this.#app[method.toLowerCase() as Method](path, ...before, ...handlers);
  }

  /** What answers when a handler fails. */
  onError(handler: ErrorRequestHandler): void {
    this.#known.add(handler);
    this.#app.use(handler);
  }

  /** Every route of the server, such as `POST /graphql`. */
  list(): string[] {
    return this.#app.router.stack.flatMap(({ route }) =>
      route === undefined
        ? []
        : route.stack.slice(0, 1).map(({ method }) => `${method.toUpperCase()} ${route.path}`),
    );
  }

  /** Throws when a route was added otherwise, so that it asks for no role, or when one is declared that is not there. */
  check(): void {
    const problems: string[] = [];
    for (const { route, handle, name } of this.#app.router.stack) {
      if (route === undefined ? this.#known.has(handle) : this.#known.has(route.stack[0]?.handle)) continue;
      problems.push(
        route === undefined
          ? `the handler ${name} was added without routes.before`
          : `the route ${route.path} was added without routes.add`,
      );
    }
    const present = this.list();
    for (const route of Object.keys(this.#declared)) {
      if (!present.includes(route))
        problems.push(`remove the route ${route}, which is gone, from server/auth/routeAccess.ts`);
    }
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  #gate(access: Access): RequestHandler {
    return (request, response, next) => {
      const viewer = this.#tokens.authenticate(secretOf(request));
      response.locals.viewer = viewer;
      if (permits(viewer, access)) next();
      else refuse(request, response, access);
    };
  }
}

/** Who asks, in a handler of a route that is not public. */
export function viewerOf(response: Response): Viewer {
  return (response.locals as { viewer: Viewer }).viewer;
}

function refuse(request: Request, response: Response, access: Access): void {
  const viewer = response.locals.viewer as Viewer | null;
  if (viewer === null && request.method === 'GET' && request.headers.accept?.includes('text/html')) {
    response.redirect(303, `/sign-in?next=${encodeURIComponent(request.originalUrl)}`);
    return;
  }
  if (viewer === null) response.setHeader('WWW-Authenticate', 'Bearer realm="frostline"');
  const message =
    viewer === null
      ? `expected a token of role ${access} or above: \`Authorization: Bearer …\``
      : `expected the role ${access} or above; ${viewer.name} is ${viewer.role}`;
  const code = viewer === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  response.status(viewer === null ? 401 : 403).json(refusalBody(request.path, code, message));
}
