import {
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { documentLimits } from '../graphql/limits/documentLimits.js';
import { checkCost } from '../graphql/limits/operationCost.js';
import { limits } from '../limits.js';

const rules = [...specifiedRules, documentLimits];

/** Reads an operation that came over a WebSocket as Apollo reads those over HTTP: within the same limits. */
export function prepareOperation(
  schema: GraphQLSchema,
  payload: { query: string; operationName?: string | null; variables?: Record<string, unknown> | null },
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parse(payload.query, { maxTokens: limits.documentTokens });
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, payload.operationName);
    if (operation == null) {
      const message = 'operationName: expected the name of an operation of the document';
      return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
    }
    checkCost(schema, document, operation, payload.variables ?? {});
    return { schema, document, operationName: payload.operationName, variableValues: payload.variables };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
