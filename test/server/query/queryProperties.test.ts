import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrostlineError } from '../../../experiments/errors.js';
import { completeQuery } from '../../../server/query/completeQuery.js';
import { parseField, parseQuery } from '../../../server/query/parseQuery.js';
import { printField } from '../../../server/query/fields.js';
import { printQuery } from '../../../server/query/printQuery.js';
import { type Condition, exceededLimit } from '../../../server/query/tree.js';
import { conditions, fields, words } from '../../support/conditions.js';

const nothing = {
  metrics: async () => ['validation/loss', 'any name'],
  settings: async () => [['training', 'seed']],
  values: async () => ['a "b"', 1, true],
};

describe('the query language, for anything at all', () => {
  it('reads back every condition that it writes', () => {
    fc.assert(
      fc.property(conditions(), (condition: Condition) => {
        fc.pre(exceededLimit(condition) === null);
        const text = printQuery(condition);
        fc.pre(text.length <= 10_000);
        assert.deepEqual(parseQuery(text), condition);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back every field that it writes', () => {
    fc.assert(
      fc.property(fields(), (field) => assert.deepEqual(parseField(printField(field)), field)),
      { numRuns: 500 },
    );
  });

  it('reads any text, or says at which column it does not', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), words());
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const condition = parseQuery(text);
          assert.deepEqual(parseQuery(printQuery(condition)), condition);
        } catch (error) {
          assert.ok(error instanceof FrostlineError, String(error));
          assert.ok(error.column! >= 1 && error.column! <= text.length + 1, `column ${error.column}`);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('completes any text at any place without ever failing', async () => {
    await fc.assert(
      fc.asyncProperty(words(), fc.integer({ min: -5, max: 300 }), async (text, column) => {
        const { from, to } = await completeQuery(text, column, nothing);
        assert.ok(from >= 1 && from <= to && to <= text.length + 1);
      }),
      { numRuns: 1000 },
    );
  });
});
