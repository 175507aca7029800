import assert from 'node:assert/strict';
import { FrostlineError } from '../../../experiments/errors.js';
import { parseField, parseQuery } from '../../../server/query/parseQuery.js';
import {
  allOf,
  anyOf,
  type Comparison,
  type Condition,
  type Field,
  limits,
  type Operator,
  type Scalar,
} from '../../../server/query/tree.js';

const is = (field: Field, operator: Operator, value: Scalar | null): Comparison => ({
  kind: 'compare',
  field,
  operator,
  value,
});
const metric = (name: string, of: 'last' | 'min' | 'max' | 'best' = 'last'): Field => ({
  kind: 'metric',
  name,
  of,
});
const setting = (...path: string[]): Field => ({ kind: 'setting', path });
const text = (name: 'name' | 'experiment' | 'note' | 'freeze.preset' | 'freeze.label'): Field => ({
  kind: 'text',
  name,
});
const tag: Field = { kind: 'tag' };

function complaintOf(query: string): { column: number | undefined; message: string } {
  try {
    parseQuery(query);
  } catch (error) {
    assert.ok(error instanceof FrostlineError, String(error));
    assert.deepEqual([error.code, error.path], ['BAD_USER_INPUT', 'query']);
    return { column: error.column, message: error.message };
  }
  throw new assert.AssertionError({ message: `${query} is taken` });
}

describe('the query language', () => {
  it('reads the example of the documentation: and binds tighter than or', () => {
    assert.deepEqual(
      parseQuery('metric.validation/topic/accuracy > 0.8 and freeze.preset = "head-only" or tag = "best"'),
      anyOf([
        allOf([
          is(metric('validation/topic/accuracy'), '>', 0.8),
          is(text('freeze.preset'), '=', 'head-only'),
        ]),
        is(tag, '=', 'best'),
      ]),
    );
  });

  it('binds not tightest, and keeps parentheses as they group', () => {
    const [a, b, c] = [is(tag, '=', 'a'), is(tag, '=', 'b'), is(tag, '=', 'c')];
    const not = (of: Condition): Condition => ({ kind: 'not', of });
    assert.deepEqual(parseQuery('not tag=a and tag=b'), allOf([not(a), b]));
    assert.deepEqual(parseQuery('not (tag=a and tag=b)'), not(allOf([a, b])));
    assert.deepEqual(parseQuery('tag=a and tag=b and tag=c'), allOf([a, b, c]));
    assert.deepEqual(parseQuery('(tag=a and tag=b) and tag=c'), allOf([allOf([a, b]), c]));
    assert.deepEqual(parseQuery('tag=a AND (tag=b Or tag=c)'), allOf([a, anyOf([b, c])]));
    assert.deepEqual(parseQuery('not not tag=a'), not(not(a)));
    assert.deepEqual(parseQuery('true or false'), {
      kind: 'or',
      of: [
        { kind: 'constant', value: true },
        { kind: 'constant', value: false },
      ],
    });
  });

  it('reads metrics by name and value, quoted where names are odd', () => {
    for (const [query, field] of [
      ['metric.loss < 1', metric('loss')],
      ['metric.train/loss.min < 1', metric('train/loss', 'min')],
      ['metric.validation/topic/accuracy.best < 1', metric('validation/topic/accuracy', 'best')],
      ['metric."any name" < 1', metric('any name')],
      ['metric.\'any "name"\'.max < 1', metric('any "name"', 'max')],
      ['metric."loss.min" < 1', metric('loss.min')],
      ['metric."min" < 1', metric('min')],
      ['metric.min < 1', metric('min')],
      ['metric.gpu.0.power < 1', metric('gpu.0.power')],
      ['metric."größe 📏\\n" < 1', metric('größe 📏\n')],
    ] as const)
      assert.deepEqual(parseQuery(query), is(field, '<', 1), query);
  });

  it('reads settings by path, and leaves what is known about freezing to its own fields', () => {
    for (const [query, field] of [
      ['training.learningRate = 1', setting('training', 'learningRate')],
      ['setting.training.learningRate = 1', setting('training', 'learningRate')],
      ['setting.x.y = 1', setting('x', 'y')],
      ['setting."odd key".1 = 1', setting('odd key', '1')],
      ['freeze.blocks = 1', setting('freeze', 'blocks')],
      ['setting.freeze.preset = 1', setting('freeze', 'preset')],
      ['tasks.0.hidden = 1', setting('tasks', '0', 'hidden')],
    ] as const)
      assert.deepEqual(parseQuery(query), is(field, '=', 1), query);
    assert.deepEqual(parseQuery('freeze.preset = full'), is(text('freeze.preset'), '=', 'full'));
  });

  it('takes values as the field has them', () => {
    for (const [query, comparison] of [
      ['state = finished', is({ kind: 'state' }, '=', 'FINISHED')],
      ['name = 12', is(text('name'), '=', '12')],
      ['name ~ bert-base', is(text('name'), '~', 'bert-base')],
      ["note = 'it\\'s'", is(text('note'), '=', "it's")],
      ['note = null', is(text('note'), '=', null)],
      ['note = "null"', is(text('note'), '=', 'null')],
      ['seed >= -1e2', is({ kind: 'number', name: 'seed' }, '>=', -100)],
      ['seed = -0', is({ kind: 'number', name: 'seed' }, '=', 0)],
      ['trainable < 5%', is({ kind: 'number', name: 'trainable' }, '<', 0.05)],
      ['duration > 2h', is({ kind: 'number', name: 'duration' }, '>', 7200)],
      ['duration > 1.5m', is({ kind: 'number', name: 'duration' }, '>', 90)],
      ['metric.loss = NaN', is(metric('loss'), '=', NaN)],
      ['metric.loss = -inf', is(metric('loss'), '=', -Infinity)],
      ['created > 2026-01-31', is({ kind: 'time', name: 'created' }, '>', '2026-01-31T00:00:00.000Z')],
      [
        'created > "2026-01-31T12:30:00+02:00"',
        is({ kind: 'time', name: 'created' }, '>', '2026-01-31T10:30:00.000Z'),
      ],
      [
        'finished < 2026-01-31t12:30',
        is({ kind: 'time', name: 'finished' }, '<', '2026-01-31T12:30:00.000Z'),
      ],
      ['training.learningRate <= 2e-5', is(setting('training', 'learningRate'), '<=', 2e-5)],
      ['training.shuffle = true', is(setting('training', 'shuffle'), '=', true)],
      ['training.shuffle = "true"', is(setting('training', 'shuffle'), '=', 'true')],
      ['training.schedule == linear', is(setting('training', 'schedule'), '=', 'linear')],
      ['model ~ MiniLM', is(setting('model'), '~', 'MiniLM')],
    ] as const)
      assert.deepEqual(parseQuery(query), comparison, query);
  });

  it('reads lists, and their negation', () => {
    const states: Comparison = { kind: 'in', field: { kind: 'state' }, values: ['FAILED', 'LOST'] };
    assert.deepEqual(parseQuery('state in (failed, lost)'), states);
    assert.deepEqual(parseQuery('state not in (failed,lost)'), { kind: 'not', of: states });
    assert.deepEqual(parseQuery('training.batchSize in (8, "x", true)'), {
      kind: 'in',
      field: setting('training', 'batchSize'),
      values: [8, 'x', true],
    });
  });

  it('tells at which column it stops to understand, and what it expected', () => {
    for (const [query, column, expected] of [
      ['', 1, 'expected a field, not, or an opening (, got the end'],
      ['metric.loss >', 14, 'expected a number, NaN or Infinity, got the end'],
      ['metric.loss > x', 15, 'expected a number, NaN or Infinity, got x'],
      ['metric.loss > 1 metric.acc > 2', 17, 'expected and, or, or the end, got metric.acc'],
      ['tag = a and', 12, 'expected a field, not, or an opening (, got the end'],
      ['(tag = a', 9, 'expected and, or, or a closing ), got the end'],
      ['tag = a)', 8, 'expected and, or, or the end, got )'],
      ['accuracy > 1', 1, 'expected a field (state, tag,'],
      ['metric > 1', 1, 'expected the name of a metric'],
      ['metric..loss > 1', 1, 'expected a name on both sides of each dot'],
      ['name > "a"', 6, 'expected = != ~ in after name'],
      ['name "a"', 6, 'expected = != ~ in, got "a"'],
      ['state = done', 9, 'expected a state (QUEUED,'],
      ['name = "a', 8, 'expected a closing " after this one'],
      ['name = "\\x"', 9, 'expected one of'],
      ['name ! a', 6, 'expected != or not'],
      ['name ~ null', 8, 'expected = or != before null, got ~'],
      ['metric.loss < NaN', 15, 'expected = or != before NaN, got <'],
      ['name = and', 8, 'expected a text, got and'],
      ['state in failed', 10, 'expected an opening ( after in, got failed'],
      ['state in ()', 11, 'expected a state'],
      ['state in (failed', 17, 'expected , or a closing ), got the end'],
      ['state not failed', 11, 'expected in, got failed'],
      ['created > yesterday', 11, 'expected a time such as'],
      ['created > 2026-02-31', 11, 'expected a time such as'],
      ['training.epochs < "x"', 19, 'expected a number after <'],
      ['metric.weird.best > 1', 1, 'expected min or max: the name weird does not tell which is best'],
      ['name = "\\u0000"', 8, 'expected text without NUL characters'],
      ['name = \ud800', 8, 'expected text without NUL characters'],
    ] as const) {
      const { column: actual, message } = complaintOf(query);
      assert.ok(message.startsWith(`query: column ${column}: ${expected}`), `${query} gives ${message}`);
      assert.equal(actual, column, query);
    }
  });

  it('refuses what is too long, too deep or too much in all', () => {
    assert.match(complaintOf(`name = "${'x'.repeat(limits.length)}"`).message, /at most 10000 characters/);
    assert.match(complaintOf('('.repeat(5000)).message, /column 51: expected conditions nested at most 50/);
    assert.match(complaintOf('not '.repeat(2000)).message, /nested at most 50 deep/);
    const many = Array.from({ length: limits.comparisons + 1 }, () => 'tag=a').join(' or ');
    assert.match(complaintOf(many).message, /at most 100 comparisons/);
    const metrics = Array.from({ length: limits.metrics + 1 }, (_, index) => `metric.m${index} > 0`).join(
      ' or ',
    );
    assert.match(complaintOf(metrics).message, /at most 30 different metrics/);
  });

  it('reads a field by itself', () => {
    assert.deepEqual(parseField('metric."a b".min'), metric('a b', 'min'));
    for (const wrong of ['', 'name = 1', 'nothing', '"name"'])
      assert.throws(() => parseField(wrong), FrostlineError);
  });
});
