import fc, { type GeneratorValue } from 'fast-check';
import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export interface RandomOperation {
  query: string;
  variables: Record<string, unknown>;
}

/** Texts that have broken programs before. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '%',
    '_',
    "'; DROP TABLE run; --",
    '${x}',
    '../../etc/passwd',
    'null',
  ),
  fc.constantFrom(
    'file:///etc/passwd',
    'http://169.254.169.254/',
    '__proto__',
    'constructor',
    'NaN',
    '-1',
    '1e999',
  ),
  fc.constantFrom(
    'a'.repeat(300),
    'é'.repeat(5_000),
    '\u202e',
    '😀',
    '\n',
    'MA==',
    '00000000-0000-4000-8000-000000000000',
  ),
);
const integers = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 20 }), weight: 5 },
  { arbitrary: fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0, -1, 500, 501, 10_000), weight: 2 },
);
const floats = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  integers,
  fc.constantFrom(1e308, 5e-324, -0),
);
const dates = fc.oneof(
  fc.constantFrom(
    '2026-01-31T12:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-02-30T00:00:00Z',
    'now',
  ),
  fc.constantFrom('+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', '2026-01-31'),
);

/**
 * Any operation that the schema allows, with any variables: mostly of the right type, sometimes of none. `known` are texts that
 * name what is there: ids, names, models.
 */
export function randomOperation(
  schema: GraphQLSchema,
  known: readonly string[],
): fc.Arbitrary<RandomOperation> {
  const roots = [
    ...[schema.getQueryType()!, schema.getQueryType()!, schema.getQueryType()!],
    ...[schema.getMutationType()!, schema.getMutationType()!, schema.getMutationType()!],
    schema.getSubscriptionType()!,
  ];
  const names =
    known.length > 0
      ? fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 3 }, { arbitrary: texts, weight: 2 })
      : texts;
  return fc.gen().map((g) => new Writer(g, names).write(roots[g(fc.nat, { max: roots.length - 1 })]!));
}

class Writer {
  readonly #g: GeneratorValue;
  readonly #texts: fc.Arbitrary<string>;
  readonly #variables: Record<string, unknown> = {};
  readonly #declared: string[] = [];

  constructor(g: GeneratorValue, known: fc.Arbitrary<string>) {
    this.#g = g;
    this.#texts = known;
  }

  write(root: GraphQLObjectType): RandomOperation {
    const fields = Object.values(root.getFields());
    const selection = Array.from({ length: this.#chance(20) ? 3 : 1 }, () =>
      this.#field(this.#pick(fields), 0),
    );
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    const operation = root.name.toLowerCase();
    return { query: `${operation} Random${declared} { ${selection.join(' ')} }`, variables: this.#variables };
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const args = field.args
      .filter((arg) => (isNonNullType(arg.type) ? !this.#chance(2) : this.#chance(50)))
      .map((arg) => `${arg.name}: ${this.#variable(arg.type)}`);
    const alias = this.#chance(2) ? `${this.#pick(['a', 'b', 'id', 'constructor'])}: ` : '';
    const type = getNamedType(field.type);
    const inner = isCompositeType(type)
      ? ` { __typename ${this.#selection(type as GraphQLObjectType, depth + 1)} }`
      : '';
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${inner}`;
  }

  #selection(type: GraphQLObjectType, depth: number): string {
    if (!isObjectType(type)) return '';
    const fields = Object.values(type.getFields()).filter(
      (field) => depth < 6 || !isCompositeType(getNamedType(field.type)),
    );
    return fields
      .filter(() => this.#chance(depth < 3 ? 60 : 30))
      .map((field) => this.#field(field, depth))
      .join(' ');
  }

  #variable(type: GraphQLInputType): string {
    const name = `v${this.#declared.length}`;
    this.#declared.push(`$${name}: ${String(type)}`);
    this.#variables[name] = this.#value(type);
    return `$${name}`;
  }

  #value(type: GraphQLInputType, depth = 0): unknown {
    if (this.#chance(1)) return this.#g(fc.jsonValue, { maxDepth: 2 });
    if (!isNonNullType(type) && this.#chance(10)) return null;
    const bare = getNullableType(type);
    if (isListType(bare)) {
      return Array.from({ length: this.#g(fc.nat, { max: 3 }) }, () =>
        this.#value(bare.ofType as GraphQLInputType, depth + 1),
      );
    }
    if (isEnumType(bare)) return this.#pick(bare.getValues()).name;
    if (isInputObjectType(bare)) {
      const fields = Object.values(bare.getFields()).filter((field) =>
        this.#chance(isNonNullType(field.type) ? 98 : 40 / (1 + depth)),
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, depth + 1)]));
    }
    switch (bare.name) {
      case 'Int':
        return this.#g(() => integers);
      case 'Float':
        return this.#g(() => floats);
      case 'Boolean':
        return this.#g(fc.boolean);
      case 'DateTime':
        return this.#g(() => dates);
      case 'JSON':
        return this.#g(fc.jsonValue, { maxDepth: 3 });
      default:
        return this.#g(() => this.#texts);
    }
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#g(fc.nat, { max: items.length - 1 })]!;
  }

  #chance(percent: number): boolean {
    return this.#g(fc.nat, { max: 99 }) < percent;
  }
}
