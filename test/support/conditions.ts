import fc from 'fast-check';
import { compare, isOneOf, runStates } from '../../server/query/values.js';
import { operatorsOf } from '../../server/query/fields.js';
import {
  type Comparison,
  type Condition,
  type Field,
  flagFields,
  metricValues,
  numberFields,
  type Scalar,
  textFields,
  timeFields,
} from '../../server/query/tree.js';

/** Text that Postgres can hold, with what the language gives a meaning to. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom(
    'and',
    'null',
    'min',
    'a.b',
    '"',
    "'",
    '\\',
    '(',
    '5',
    'NaN',
    'true',
    ' ',
    '\n',
    'it\'s "so"',
  ),
);
const nonEmpty = texts.filter((text) => text !== '');

/** Every kind of field, odd names included. */
export function fields(): fc.Arbitrary<Field> {
  return fc.oneof(
    fc.constant<Field>({ kind: 'state' }),
    fc.constant<Field>({ kind: 'tag' }),
    fc.constantFrom(...textFields).map((name): Field => ({ kind: 'text', name })),
    fc.constantFrom(...numberFields).map((name): Field => ({ kind: 'number', name })),
    fc.constantFrom(...flagFields).map((name): Field => ({ kind: 'flag', name })),
    fc.constantFrom(...timeFields).map((name): Field => ({ kind: 'time', name })),
    fc
      .tuple(nonEmpty, fc.constantFrom('last', 'min', 'max'))
      .map(([name, of]): Field => ({ kind: 'metric', name, of: of as 'last' })),
    fc
      .tuple(fc.constantFrom('validation/loss', 'f1', 'accuracy'), fc.constantFrom(...metricValues))
      .map(([name, of]): Field => ({ kind: 'metric', name, of })),
    fc
      .oneof(
        fc.array(texts, { minLength: 1, maxLength: 4 }),
        fc.constantFrom<string[][]>(
          ['training', 'learningRate'],
          ['freeze', 'preset'],
          ['freeze', 'blocks'],
          ['model'],
        ),
      )
      .map((path): Field => ({ kind: 'setting', path })),
  );
}

function scalars(field: Field): fc.Arbitrary<Scalar> {
  const numbers = fc.oneof(fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true }));
  switch (field.kind) {
    case 'state':
      return fc.constantFrom(...runStates);
    case 'tag':
    case 'text':
      return texts;
    case 'number':
      return numbers;
    case 'flag':
      return fc.boolean();
    case 'time':
      return fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString());
    case 'metric':
      return fc.oneof(numbers, fc.constantFrom(NaN, Infinity, -Infinity));
    case 'setting':
      return fc.oneof(numbers, texts, fc.boolean());
  }
}

/** Every comparison that can be made; those that cannot are left out. */
export function comparisons(): fc.Arbitrary<Comparison> {
  return fields().chain((field) => {
    const single = fc
      .tuple(fc.constantFrom(...operatorsOf(field)), fc.option(scalars(field)))
      .map(([operator, value]) => compare(field, operator, value));
    const list = fc
      .array(scalars(field), { minLength: 1, maxLength: 4 })
      .map((values) => isOneOf(field, values));
    return fc.oneof(single, list).filter((made): made is Comparison => !('complaint' in made));
  });
}

/** Conditions nested a few levels deep. */
export function conditions(): fc.Arbitrary<Condition> {
  return conditionsOf(comparisons());
}

/** Conditions made of some comparisons. */
export function conditionsOf(comparisons: fc.Arbitrary<Comparison>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => {
    const several = fc
      .tuple(tie('condition'), tie('condition'), fc.array(tie('condition'), { maxLength: 2 }))
      .map(([first, second, rest]): [Condition, Condition, ...Condition[]] => [first, second, ...rest]);
    return {
      condition: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        { arbitrary: comparisons, weight: 6 },
        { arbitrary: fc.boolean().map((value): Condition => ({ kind: 'constant', value })), weight: 1 },
        { arbitrary: tie('condition').map((of): Condition => ({ kind: 'not', of })), weight: 3 },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('and', 'or'), several)
            .map(([kind, of]): Condition => ({ kind: kind as 'and', of })),
          weight: 4,
        },
      ),
    };
  }).condition;
}

/** Texts of the language's own pieces in any order: they come further than arbitrary characters. */
export function words(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    ...[
      'and',
      'or',
      'not',
      'in',
      '(',
      ')',
      ',',
      '=',
      '!=',
      '<',
      '~',
      '"',
      "'",
      '.',
      ' ',
      ' ',
      ' ',
      '\\',
      '1e-5',
      '5%',
    ],
    ...[
      'state',
      'tag',
      'metric.',
      'metric.loss',
      'metric."a b".min',
      'setting.x',
      'freeze.preset',
      'created',
      'name',
    ],
    ...['"text"', 'finished', 'null', 'true', '2026-01-31', '📏', 'duration', '2h', 'NaN'],
  );
  return fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
}
