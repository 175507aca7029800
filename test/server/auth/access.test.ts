import assert from 'node:assert/strict';
import express from 'express';
import { buildSchema, type GraphQLSchema, parse, subscribe } from 'graphql';
import { type FrostlineError } from '../../../experiments/errors.js';
import { createToken } from '../../../server/auth/createToken.js';
import { fieldAccess } from '../../../server/auth/fieldAccess.js';
import { guardSchema } from '../../../server/auth/guardSchema.js';
import { permits, roles } from '../../../server/auth/roles.js';
import { routeAccess } from '../../../server/auth/routeAccess.js';
import { type Role } from '../../../server/db/generated/client.js';
import { createContext } from '../../../server/graphql/context.js';
import { buildFrostlineSchema } from '../../../server/graphql/schema.js';
import { Routes } from '../../../server/http/routes.js';
import { sampleOperation } from '../../support/sampleOperation.js';
import { useServer } from '../../support/server.js';

type Caller = Role | 'nobody';
const callers: Caller[] = ['nobody', ...roles];

describe('access', () => {
  const server = useServer();
  const secrets = new Map<Caller, string>();
  let schema: GraphQLSchema;

  before(async () => {
    schema = await buildFrostlineSchema();
    for (const role of [...roles].reverse())
      secrets.set(role, (await createToken(server.database, { name: role, role })).secret);
    await server.services.tokens.refresh();
  });

  const allowed = (caller: Caller, access: Role | 'PUBLIC'): boolean =>
    permits(caller === 'nobody' ? null : { name: caller, role: caller, tokenId: caller }, access);
  const refusalOf = (caller: Caller): string => (caller === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  const rootFields = (name: 'Query' | 'Mutation' | 'Subscription') =>
    Object.values((schema.getType(name) as ReturnType<GraphQLSchema['getQueryType']>)!.getFields());

  for (const caller of callers) {
    it(`to every query and mutation is as declared for ${caller}`, async () => {
      for (const type of ['Query', 'Mutation'] as const) {
        for (const field of rootFields(type)) {
          const { errors } = await server.query(
            sampleOperation(type.toLowerCase(), field),
            {},
            secrets.get(caller),
          );
          const code = errors?.[0]?.extensions.code ?? null;
          const refused = code === 'UNAUTHENTICATED' || code === 'FORBIDDEN';
          assert.equal(!refused, allowed(caller, fieldAccess[type][field.name]!), `${field.name}: ${code}`);
          if (refused) assert.equal(code, refusalOf(caller));
          // Whoever was let in has got past the syntax, so that a refusal above is one of access.
          else assert.notEqual(code, 'GRAPHQL_VALIDATION_FAILED', field.name);
        }
      }
    });

    it(`to every subscription is as declared for ${caller}`, async () => {
      for (const field of rootFields('Subscription')) {
        const viewer = server.services.tokens.authenticate(secrets.get(caller) ?? null);
        const result = await subscribe({
          schema,
          document: parse(sampleOperation('subscription', field)),
          contextValue: createContext(server.services, viewer!, { longLived: true }),
        });
        let code: unknown = null;
        if ('errors' in result) code = (result.errors![0]!.originalError as FrostlineError).code;
        else await (result as AsyncGenerator).return(undefined);
        const wasAllowed = allowed(caller, fieldAccess.Subscription[field.name]!);
        if (wasAllowed) assert.ok(code !== 'UNAUTHENTICATED' && code !== 'FORBIDDEN', field.name);
        else assert.equal(code, refusalOf(caller), field.name);
      }
    });

    it(`to every HTTP route is as declared for ${caller}`, async () => {
      for (const route of server.routes) {
        const [method, path] = route.split(' ') as [string, string];
        const secret = secrets.get(caller);
        const response = await fetch(server.url + path.replace(/\{?[*:]\w+\}?/g, 'sample'), {
          method,
          redirect: 'manual',
          headers: {
            accept: 'application/json',
            ...(method === 'POST' && { 'content-type': 'application/json' }),
            ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
          },
          ...(method === 'POST' && { body: '{}' }),
        });
        const body = await response.text();
        const wasAllowed = allowed(caller, routeAccess[route]!);
        if (route === 'POST /session') assert.equal(response.status, 401, 'an empty body signs nobody in');
        else assert.equal(![401, 403].includes(response.status), wasAllowed, `${route}: ${body}`);
        if (!wasAllowed) assert.equal(response.status, caller === 'nobody' ? 401 : 403, route);
      }
    });
  }

  it('is declared for what hands out tokens, changes things and reads, as the roles promise', () => {
    assert.ok(['tokens'].every((name) => fieldAccess.Query[name] === 'ADMIN'));
    assert.ok(['createToken', 'revokeToken'].every((name) => fieldAccess.Mutation[name] === 'ADMIN'));
    const forWorkers = Object.entries(fieldAccess.Mutation).filter(([, role]) => role === 'WORKER');
    assert.deepEqual(
      forWorkers.map(([name]) => name),
      ['finishRun', 'logMetrics', 'startExternalRun'],
    );
    assert.ok(!Object.values(fieldAccess.Mutation).includes('VIEWER'), 'who only views changes nothing');
    const open = Object.keys(routeAccess).filter((route) => routeAccess[route] === 'PUBLIC');
    assert.ok(!open.some((route) => /graphql|metrics|datasets|\{\*page\}/.test(route)));
  });

  it('is refused to one field among others', async () => {
    const { errors } = await server.query(
      '{ runs { totalCount } tokens { totalCount } }',
      {},
      secrets.get('EDITOR'),
    );
    assert.deepEqual(
      errors?.map(({ path, extensions }) => [path, extensions.code]),
      [[['tokens'], 'FORBIDDEN']],
    );
  });

  it('is refused to aliases and fragments as well', async () => {
    const { errors } = await server.query(
      'query { ...F } fragment F on Query { harmless: tokens { totalCount } }',
      {},
      secrets.get('VIEWER'),
    );
    assert.equal(errors?.[0]?.extensions.code, 'FORBIDDEN');
  });

  it('lets strangers read neither the schema nor error messages of GraphQL', async () => {
    for (const query of ['{ __schema { types { name } } }', '{ nothing }', '{']) {
      const { status, errors } = await server.query(query);
      assert.deepEqual([status, errors?.[0]?.extensions.code], [401, 'UNAUTHENTICATED']);
    }
  });

  it('has to be declared: the server does not start with a field or route that has none, or is gone', () => {
    const sdl = buildSchema('type Query { runs: Int } type Mutation { dropAll: Int }');
    assert.throws(
      () => guardSchema(sdl, { Query: { runs: 'VIEWER', old: 'VIEWER' }, Mutation: {} }),
      /remove Query\.old.*\n.*declare a role for Mutation\.dropAll in server\/auth\/fieldAccess\.ts/,
    );
    // Names that every object has are no declarations.
    assert.throws(() => guardSchema(buildSchema('type Query { toString: Int }'), { Query: {} }), /declare/);

    const answer: express.RequestHandler = (_request, response) => void response.end();
    const withRoutes = (
      declared: Record<string, Role>,
      add: (app: express.Express, routes: Routes) => void,
    ) => {
      const app = express();
      const routes = new Routes(app, server.services.tokens, declared);
      add(app, routes);
      return () => routes.check();
    };
    assert.throws(
      () => withRoutes({}, (_app, routes) => routes.add('PUT /runs', answer)),
      /declare a role for the route PUT \/runs in server\/auth\/routeAccess\.ts/,
    );
    assert.throws(
      withRoutes({}, (app) => app.get('/back-door', answer)),
      /\/back-door was added without routes\.add/,
    );
    assert.throws(
      withRoutes({}, (app) => app.use('/back-door', answer)),
      /added without routes\.before/,
    );
    assert.throws(
      withRoutes({}, (app) => app.use(express.Router().get('/x', answer))),
      /without routes\.before/,
    );
    assert.throws(
      withRoutes({ 'GET /old': 'VIEWER' }, () => {}),
      /remove the route GET \/old/,
    );
    withRoutes({ 'GET /runs': 'VIEWER' }, (_app, routes) => routes.add('GET /runs', answer))();
  });
});
