import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { Kind, type OperationDefinitionNode } from 'graphql';
import { type ServerMetrics } from './serverMetrics.js';
import { traced } from './tracing.js';

/** Apollo's hooks that time each operation and, where traces are wanted, put a span around it. */
export function observeOperations<Context extends BaseContext>(
  metrics: ServerMetrics,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      const started = performance.now();
      let endSpan = (): void => {};
      return {
        async didResolveOperation({ operation }) {
          if (operation === undefined) return;
          const { type, field } = describe(operation);
          void traced(`${type} ${field}`, { 'graphql.operation.type': type }, () => {
            return new Promise<void>((resolve) => (endSpan = resolve));
          });
        },
        async willSendResponse({ operation, response }) {
          endSpan();
          if (operation === undefined) return;
          const { body } = response;
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
          metrics.observeOperation({
            ...describe(operation),
            seconds: (performance.now() - started) / 1000,
            errors: errors.map(({ extensions }) => String(extensions?.code ?? 'UNKNOWN')),
          });
        },
      };
    },
  };
}

function describe({ operation, selectionSet }: OperationDefinitionNode): { type: string; field: string } {
  const [first] = selectionSet.selections;
  return { type: operation, field: first?.kind === Kind.FIELD ? first.name.value : 'fragment' };
}
