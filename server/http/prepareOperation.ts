import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { documentLimits } from '../graphql/limits/documentLimits.js';
import { costExcess } from '../graphql/limits/operationCost.js';
import { limits } from '../limits.js';

const rules = [...specifiedRules, documentLimits];

/** Reads an operation that came over a WebSocket as Apollo reads those over HTTP: within the same limits. */
export function prepareOperation(
  schema: GraphQLSchema,
  payload: { query: string; operationName?: string | null; variables?: Record<string, unknown> | null },
): ExecutionArgs | readonly GraphQLError[] {
  const document = read(payload.query);
  if (document instanceof GraphQLError) return [document];
  const errors = validate(schema, document, rules);
  if (errors.length > 0) return errors;
  const operation = getOperationAST(document, payload.operationName);
  if (operation == null) {
    const message = 'operationName: expected the name of an operation of the document';
    return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
  }
  const excess = costExcess(schema, document, operation, payload.variables ?? {});
  if (excess !== null) return [excess];
  return { schema, document, operationName: payload.operationName, variableValues: payload.variables };
}

function read(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: limits.documentTokens });
  } catch (error) {
    // The stack that is used up by what is nested too deeply.
    if (!(error instanceof GraphQLError))
      return new GraphQLError('nested too deeply', { originalError: error as Error });
    const { message, source, positions } = error;
    return new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}
