import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

/** A literal that a type takes, as small as can be. */
function literal(type: GraphQLInputType): string {
  const bare = getNullableType(type);
  if (isListType(bare)) return '[]';
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (isInputObjectType(bare)) {
    const required = Object.values(bare.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return `{ ${required.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
  }
  const literals: Record<string, string> = { Int: '1', Float: '1', Boolean: 'false', JSON: '{}' };
  return literals[bare.name] ?? '""';
}

function selection(type: GraphQLOutputType): string {
  return isCompositeType(getNamedType(type)) ? ' { __typename }' : '';
}

/** The smallest operation that asks for a field of Query, Mutation or Subscription. */
export function sampleOperation(operation: string, field: GraphQLField<unknown, unknown>): string {
  const required = field.args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
  const args = required.map((arg) => `${arg.name}: ${literal(arg.type)}`).join(', ');
  return `${operation} { ${field.name}${args && `(${args})`}${selection(field.type)} }`;
}
