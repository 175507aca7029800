import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { FrostlineError } from '../../experiments/errors.js';
import { type Role } from '../db/generated/client.js';
import { fieldAccess } from './fieldAccess.js';
import { permits, type Viewer } from './roles.js';

type Resolver = GraphQLFieldResolver<unknown, { viewer?: Viewer | null }>;

/**
 * The one place where GraphQL asks who may do what: wraps every field of Query, Mutation and Subscription so that nothing of it
 * runs before the viewer's role was compared with the declared one. Over HTTP and WebSocket alike, as both execute this schema.
 * Throws when a field has no declaration.
 */
export function guardSchema(
  schema: GraphQLSchema,
  declared: Record<string, Record<string, Role>> = fieldAccess,
): GraphQLSchema {
  const problems: string[] = [];
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (type == null) continue;
    const roleOf = declared[type.name] ?? {};
    const fields = type.getFields();
    for (const name of Object.keys(roleOf)) {
      if (!Object.hasOwn(fields, name)) problems.push(`remove ${type.name}.${name}, which is gone, from`);
    }
    for (const [name, field] of Object.entries(fields)) {
      const role = Object.hasOwn(roleOf, name) ? roleOf[name] : undefined;
      if (role === undefined) {
        problems.push(`declare a role for ${type.name}.${name} in`);
        continue;
      }
      const guard = (resolver: Resolver): Resolver => {
        return (source, args, context, info) => {
          assertPermitted(context.viewer, role, `${type.name}.${name}`);
          return resolver(source, args, context, info);
        };
      };
      field.resolve = guard(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = guard(field.subscribe);
    }
  }
  if (problems.length > 0)
    throw new Error(problems.map((problem) => `${problem} server/auth/fieldAccess.ts`).join('\n'));
  return schema;
}

/** UNAUTHENTICATED without a viewer, FORBIDDEN when the viewer's role is too low. */
export function assertPermitted(
  viewer: Viewer | null | undefined,
  role: Role,
  what: string,
): asserts viewer is Viewer {
  if (viewer == null)
    throw new FrostlineError('UNAUTHENTICATED', `${what} asks for a token of role ${role} or above`);
  if (!permits(viewer, role)) {
    throw new FrostlineError(
      'FORBIDDEN',
      `${what} asks for the role ${role} or above; ${viewer.name} is ${viewer.role}`,
    );
  }
}
