import {
  defaultFieldResolver,
  getNullableType,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { checkCharacters } from '../db/text.js';

type Check = (value: unknown, path: string) => void;

/**
 * Refuses texts that the database cannot hold, wherever they come in: wraps every field that takes text so that no resolver has to
 * think of it. Numbers are not looked at: a batch of metrics has a few names and a hundred thousand points.
 */
export function guardTexts(schema: GraphQLSchema): GraphQLSchema {
  const checks = new Map<GraphQLInputType, Check | null>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const ofArguments = field.args.flatMap(({ name, type: given }) => {
        const check = checkOf(given, checks);
        return check === null ? [] : [{ name, check }];
      });
      if (ofArguments.length === 0) continue;
      const guard = (resolver: GraphQLFieldResolver<unknown, unknown>): typeof resolver => {
        return (source, args: Record<string, unknown>, context, info) => {
          for (const { name, check } of ofArguments) check(args[name], name === 'input' ? '' : name);
          return resolver(source, args, context, info);
        };
      };
      field.resolve = guard(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = guard(field.subscribe);
    }
  }
  return schema;
}

/** How values of a type are checked; null when there is no text in them. */
function checkOf(type: GraphQLInputType, known: Map<GraphQLInputType, Check | null>): Check | null {
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const check = checkOf(bare.ofType as GraphQLInputType, known);
    if (check === null) return null;
    return (values, path) => {
      if (Array.isArray(values)) values.forEach((value, index) => check(value, at(path, index)));
    };
  }
  if (!isInputObjectType(bare)) return ['String', 'ID', 'JSON'].includes(bare.name) ? checkValue : null;
  const earlier = known.get(bare);
  if (earlier !== undefined) return earlier;
  let fields: { name: string; check: Check }[] = [];
  // Known before its fields are, as they may be of its own type.
  known.set(bare, (value, path) => {
    if (typeof value !== 'object' || value === null) return;
    for (const { name, check } of fields) check((value as Record<string, unknown>)[name], at(path, name));
  });
  fields = Object.values(bare.getFields()).flatMap((field) => {
    const check = checkOf(field.type, known);
    return check === null ? [] : [{ name: field.name, check }];
  });
  return known.get(bare)!;
}

function checkValue(value: unknown, path: string): void {
  if (typeof value === 'string') checkCharacters(value, path);
  else if (Array.isArray(value)) value.forEach((item, index) => checkValue(item, at(path, index)));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkCharacters(key, at(path, 'key'));
      checkValue(item, at(path, key));
    }
  }
}

function at(path: string, step: string | number): string {
  return path === '' ? String(step) : `${path}.${step}`;
}
