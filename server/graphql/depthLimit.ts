import { GraphQLError, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';

/** Deep enough for every page of the dashboard twice over; introspection is not counted. */
export const MAX_DEPTH = 16;

/** Refuses operations whose selections are nested deeper than `limit`, through fragments as well. */
export function depthLimit(limit = MAX_DEPTH): ValidationRule {
  return (context) => ({
    OperationDefinition(operation) {
      const depthOf = (selections: SelectionSetNode | undefined, fragments: readonly string[]): number => {
        let deepest = 0;
        for (const selection of selections?.selections ?? []) {
          if (selection.kind === Kind.FIELD) {
            if (selection.name.value.startsWith('__')) continue;
            deepest = Math.max(deepest, 1 + depthOf(selection.selectionSet, fragments));
          } else if (selection.kind === Kind.INLINE_FRAGMENT) {
            deepest = Math.max(deepest, depthOf(selection.selectionSet, fragments));
          } else if (!fragments.includes(selection.name.value)) {
            // A fragment within itself is another rule's error.
            const fragment = context.getFragment(selection.name.value);
            deepest = Math.max(
              deepest,
              depthOf(fragment?.selectionSet, [...fragments, selection.name.value]),
            );
          }
          if (deepest > limit) return deepest;
        }
        return deepest;
      };
      if (depthOf(operation.selectionSet, []) > limit) {
        context.reportError(
          new GraphQLError(`expected selections nested at most ${limit} deep`, { nodes: operation }),
        );
      }
    },
  });
}
