import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { buildFrostlineSchema, printFrostlineSchema } from '../../../server/graphql/schema.js';

describe('the GraphQL schema', () => {
  let schema: GraphQLSchema;
  before(async () => {
    schema = await buildFrostlineSchema();
  });

  it('is the one that the committed file says; `npm run sdl` writes it', () => {
    const file = readFileSync(new URL('../../../server/graphql/schema.graphql', import.meta.url), 'utf8');
    assert.equal(printFrostlineSchema(schema), file);
  });

  it('describes every type, field, argument, input field and enum value', () => {
    const bare: string[] = [];
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const expectDescription = (place: string, { description }: { description?: string | null }) => {
      if (!description) bare.push(place);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type)) continue;
      if (!roots.includes(type as never)) expectDescription(type.name, type);
      if (isObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          expectDescription(`${type.name}.${field.name}`, field);
          for (const arg of field.args) expectDescription(`${type.name}.${field.name}(${arg.name})`, arg);
        }
      }
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields()))
          expectDescription(`${type.name}.${field.name}`, field);
      }
      if (isEnumType(type)) {
        for (const value of type.getValues()) expectDescription(`${type.name}.${value.name}`, value);
      }
    }
    assert.deepEqual(bare, []);
  });

  it('takes one argument named input in every mutation', () => {
    for (const field of Object.values(schema.getMutationType()!.getFields())) {
      assert.deepEqual(
        field.args.map(({ name }) => name),
        ['input'],
        field.name,
      );
    }
  });
});
