import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLError,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { limits } from '../../limits.js';
import { limitExceeded } from './limitExceeded.js';

/** Length of a list that no argument decides: heads of a freeze, metrics of a run, classes of a task. */
const USUAL_LENGTH = 10;
const INTROSPECTION = 5_000;
/** A definition is as long as a hundred numbers. */
const JSON_WEIGHT = 50;
/** Buckets come in columns, without a query for each. */
const BUCKET_WEIGHT = 0.1;
/** A number of a list of numbers, which takes neither an object nor a resolver. */
const COLUMN_WEIGHT = 0.02;

interface Place {
  /** How long lists are directly here, where the field above is a page. */
  page: number | null;
  /** Buckets a series, as a field above asks for. */
  points: number;
  weight: number;
}

/**
 * Estimates how many fields the answer to an operation may have: lists count as long as their arguments (`first`, `maxPoints`, lists of
 * ids) allow, and multiply what is in them.
 */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && valueFromASTUntyped(defaultValue),
    ]),
  );
  // As they came: coercing them twice would take long for a large batch of metrics, and what is malformed is refused anyway.
  const argumentOf = (field: FieldNode, argument: GraphQLArgument): unknown => {
    const given = field.arguments?.find(({ name }) => name.value === argument.name)?.value;
    if (given === undefined) return argument.defaultValue;
    if (given.kind !== Kind.VARIABLE) return valueFromASTUntyped(given, variables);
    const name = given.name.value;
    return Object.hasOwn(variables, name) ? variables[name] : (defaults.get(name) ?? argument.defaultValue);
  };

  const costs = new Map<string, number>();
  const costOf = (selections: SelectionSetNode, typeName: string, place: Place): number => {
    let sum = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        sum += costOfField(selection, typeName, place);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        sum += costOf(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, place);
      } else {
        const fragment = fragments.get(selection.name.value)!;
        const key = `${selection.name.value} ${place.page} ${place.points} ${place.weight}`;
        const known = costs.get(key);
        const cost = known ?? costOf(fragment.selectionSet, fragment.typeCondition.name.value, place);
        if (known === undefined) costs.set(key, cost);
        sum += cost;
      }
    }
    return sum;
  };

  const costOfField = (node: FieldNode, typeName: string, place: Place): number => {
    const name = node.name.value;
    if (name.startsWith('__')) return node.selectionSet === undefined ? 0 : INTROSPECTION;
    const type = schema.getType(typeName);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (field === undefined) return 0;
    const named = getNamedType(field.type);
    if (typeName === 'MetricColumns') return place.weight * place.points * COLUMN_WEIGHT;
    if (!isCompositeType(named)) return place.weight * (named.name === 'JSON' ? JSON_WEIGHT : 1);

    const sizes = new Map(field.args.map((argument) => [argument.name, argumentOf(node, argument)]));
    const count = isListType(getNullableType(field.type)) ? lengthOf(field, sizes, place) : 1;
    const within: Place = {
      page: sizes.has('first')
        ? positive(sizes.get('first'), limits.page)
        : sizes.has('size')
          ? positive(sizes.get('size'), limits.page)
          : null,
      points: sizes.has('maxPoints') ? positive(sizes.get('maxPoints'), 1_000) : place.points,
      weight: name === 'buckets' ? place.weight * BUCKET_WEIGHT : place.weight,
    };
    const inner = node.selectionSet === undefined ? 0 : costOf(node.selectionSet, named.name, within);
    return count * (within.weight + inner);
  };
  return costOf(operation.selectionSet, rootOf(schema, operation), { page: null, points: 1_000, weight: 1 });
}

function lengthOf(
  field: GraphQLField<unknown, unknown>,
  sizes: ReadonlyMap<string, unknown>,
  { page, points }: Place,
): number {
  if (field.name === 'buckets') return points;
  if (sizes.has('first')) return positive(sizes.get('first'), limits.page);
  const lists = [...sizes.values()].filter((value) => Array.isArray(value));
  if (lists.length > 0) return lists.reduce((product, { length }) => product * Math.max(1, length), 1);
  return page ?? USUAL_LENGTH;
}

function positive(value: unknown, fallback: number): number {
  return typeof value === 'number' && value > 0 ? value : fallback;
}

function rootOf(schema: GraphQLSchema, { operation }: OperationDefinitionNode): string {
  return schema.getRootType(operation)!.name;
}

/** What is wrong when the answer may come to more than a request may ask for; null when it does not. */
export function costExcess(...given: Parameters<typeof operationCost>): GraphQLError | null {
  const cost = operationCost(...given);
  if (cost <= limits.cost) return null;
  const message = `expected an operation whose answer has at most ${limits.cost} fields, this one may come to ${cost.toPrecision(3)}: ask for smaller pages, fewer runs or points`;
  return limitExceeded(message, given[2]);
}
