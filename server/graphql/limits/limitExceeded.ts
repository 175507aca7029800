import { type ASTNode, GraphQLError } from 'graphql';
import { FrostlineError } from '../../../experiments/errors.js';

/** An operation asks for more than the server gives at once. */
export function limitExceeded(message: string, node?: ASTNode): GraphQLError {
  return new GraphQLError(message, {
    nodes: node,
    // Apollo's: found out after validation, it would be a fault of the server otherwise.
    extensions: { http: { status: 400 } },
    originalError: new FrostlineError('LIMIT_EXCEEDED', message),
  });
}
