import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrostlineError } from '../../../experiments/errors.js';
import { parseDefinition } from '../../../experiments/schema/definition.js';
import { definitionDigest } from '../../../experiments/schema/digest.js';
import { expandSweep } from '../../../experiments/schema/sweep.js';
import { largestSweep } from '../../../experiments/schema/sweepFields.js';

/** One that uses every corner of the language, to be spoilt. */
const whole = {
  name: 'whole',
  model: 'sentence-transformers/all-MiniLM-L6-v2',
  dataset: 'seed.csv',
  tasks: [
    { name: 'topic', classes: ['Technology', 'Science', 'Other'], weight: 2, hidden: 16 },
    { name: 'sentiment', classWeights: { Positive: 2 } },
  ],
  freeze: { embeddings: true, blocks: 3, heads: ['sentiment'], parameters: ['backbone.*.LayerNorm.*'] },
  training: {
    epochs: 4,
    batchSize: 2,
    learningRate: 2e-5,
    schedule: 'linear',
    warmupSteps: 3,
    clipNorm: 1,
    learningRates: { backbone: 1e-5, heads: 1e-3, blockDecay: 0.9 },
    earlyStopping: { metric: 'validation/loss', patience: 3 },
  },
  sweep: { freeze: [{ preset: 'full' }, { preset: 'head-only' }], 'training.seed': [1, 2, 3] },
};

const names = [
  ...Object.keys(whole),
  ...Object.keys(whole.training),
  '__proto__',
  'constructor',
  'preset',
  '',
];
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    NaN,
    Infinity,
    -0,
    1e308,
    2 ** 53,
    -1,
    0.5,
    '',
    '*',
    '*'.repeat(200),
    [],
    {},
    null,
  ),
  fc.constantFrom<unknown>(undefined, 10n, Symbol('x'), () => 1, new Date(0), new Map()),
  fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 1 })),
);

/** The paths of all values within a value. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  Object.defineProperty(copy, key, {
    value: replaced(copy[key], rest, by),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

/** Reads it, or says on one line what is wrong with it and where; anything else is a fault. */
function check(json: unknown): void {
  try {
    const { definition, sweep } = parseDefinition(json);
    const written = JSON.parse(JSON.stringify(definition)) as unknown;
    const again = parseDefinition(written);
    assert.deepEqual(again.definition, written, 'what was read is read again as it is');
    assert.equal(definitionDigest(again.definition), definitionDigest(definition));
    assert.ok(expandSweep(definition, sweep).length <= largestSweep);
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    assert.equal(error.code, 'BAD_USER_INPUT');
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(error.message.length <= 4_000, `${error.message.length} characters`);
  }
}

describe('definitions, whatever they hold', () => {
  it('are read, or refused on one line, when any value of a good one is replaced', () => {
    const places = fc.constantFrom(...pathsIn(whole));
    fc.assert(
      fc.property(fc.array(fc.tuple(places, values), { minLength: 1, maxLength: 3 }), (changes) =>
        check(changes.reduce<unknown>((json, [path, value]) => replaced(json, path, value), whole)),
      ),
      { numRuns: 1500 },
    );
  });

  it('are read, or refused on one line, when they have fields that nobody knows', () => {
    const places = fc.constantFrom(...pathsIn(whole));
    const unknown = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 20 }));
    fc.assert(
      fc.property(places, unknown, values, (path, name, value) =>
        check(replaced(whole, [...path, name], value)),
      ),
      { numRuns: 800 },
    );
  });

  it('are refused on one line when they are anything at all', () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), check), {
      numRuns: 1000,
    });
  });

  it('are refused, and not run out of stack on, when they are nested without end', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 200_000; level += 1) deep = level % 2 === 0 ? [deep] : { training: deep };
    for (const path of [
      [],
      ['training'],
      ['freeze'],
      ['tasks'],
      ['sweep'],
      ['sweep', 'training.seed'],
      ['nobody'],
    ])
      check(replaced(whole, path, path.at(-1) === 'training.seed' ? [deep] : deep));
  });

  it('are refused when a sweep has no end in sight', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    const sweep = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`training.x${index}`, seeds]));
    check({ ...whole, sweep });
  });
});
