import { Kind, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';
import { limits } from '../../limits.js';
import { limitExceeded } from './limitExceeded.js';

/** What a selection comes to when its fragments are written out. */
interface Extent {
  depth: number;
  fields: number;
  aliases: number;
}

/** Refuses operations that nest too deep, ask for too many fields at the root, or use too many aliases. */
export const documentLimits: ValidationRule = (context) => {
  const measure = measureWith(context);
  return {
    OperationDefinition(operation) {
      const { depth, fields, aliases } = measure(operation.selectionSet);
      const check = (value: number, limit: number, message: string): void => {
        if (value > limit) context.reportError(limitExceeded(message, operation));
      };
      check(depth, limits.depth, `expected selections nested at most ${limits.depth} deep`);
      check(
        fields,
        limits.rootFields,
        `expected at most ${limits.rootFields} fields at the root, got ${fields}`,
      );
      check(aliases, limits.aliases, `expected at most ${limits.aliases} aliases, got ${aliases}`);
    },
  };
};

/** Each fragment is measured once, however often it is spread: thirty that spread each other twice would take a billion steps. */
function measureWith(context: ValidationContext): (selections: SelectionSetNode | undefined) => Extent {
  const measured = new Map<string, Extent>();
  const nothing: Extent = { depth: 0, fields: 0, aliases: 0 };

  const ofFragment = (name: string): Extent => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // A fragment within itself is another rule's error.
    measured.set(name, nothing);
    const extent = measure(context.getFragment(name)?.selectionSet);
    measured.set(name, extent);
    return extent;
  };

  const measure = (selections: SelectionSetNode | undefined): Extent => {
    const sum = { ...nothing };
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const within = measure(selection.selectionSet);
        sum.fields += 1;
        sum.aliases += within.aliases + (selection.alias === undefined ? 0 : 1);
        // Introspection nests deeper by nature; graphql-js has a rule of its own for it.
        if (!selection.name.value.startsWith('__')) sum.depth = Math.max(sum.depth, 1 + within.depth);
      } else {
        const within =
          selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : ofFragment(selection.name.value);
        sum.depth = Math.max(sum.depth, within.depth);
        sum.fields += within.fields;
        sum.aliases += within.aliases;
      }
    }
    return sum;
  };
  return measure;
}
