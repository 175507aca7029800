import assert from 'node:assert/strict';
import {
  defaultColumns,
  metricsOf,
  moveColumn,
  orderOf,
  printColumn,
  printColumns,
  readColumn,
  readColumns,
  type ColumnKey,
} from '../../web/lib/runs/column-keys.js';
import { changedWidths, fittedWidths, LEAST_WIDTH, readWidths } from '../../web/lib/runs/column-widths.js';
import { countRows, rowAt, runsInView } from '../../web/lib/runs/run-rows.js';
import { filterOf, isFiltered, readRunsView, viewParams } from '../../web/lib/runs/runs-view.js';

const measured = (...names: string[]) => [{ metrics: names.map((name) => ({ name })) }];

describe('columns of the runs table', () => {
  it('are read as they were written, whatever metrics and settings are called', () => {
    const columns: ColumnKey[] = [
      { kind: 'field', field: 'compute' },
      { kind: 'loss' },
      { kind: 'accuracy', task: 'a:b, "c"' },
      { kind: 'metric', name: 'best:of,100 %', of: 'last' },
      { kind: 'metric', name: 'x', of: 'max' },
      { kind: 'setting', path: 'training."odd, name"' },
      { kind: 'curve', name: 'train/loss\nagain' },
    ];
    assert.deepEqual(
      columns.map((column) => readColumn(printColumn(column))),
      columns,
    );
    const words = columns.map(printColumn);
    assert.deepEqual(readColumns(printColumns(words)), words);
  });

  it('that mean nothing are left out', () => {
    assert.deepEqual(readColumns('state,nonsense,what:ever,,seed,state'), ['state', 'seed']);
  });

  it('begin with the tasks that the newest runs have', () => {
    const columns = defaultColumns(
      measured('validation/topic/accuracy', 'epoch/mood/accuracy', 'epoch/loss'),
    );
    assert.deepEqual(columns.slice(2, 7), [
      'trainable',
      'loss',
      'accuracy:mood',
      'accuracy:topic',
      'curve:epoch/loss',
    ]);
  });

  it('sort by the metric on validation rows as soon as a run has one, and show the others in its place', () => {
    const accuracy: ColumnKey = { kind: 'accuracy', task: 'topic' };
    const trained = measured('epoch/topic/accuracy');
    assert.deepEqual(orderOf(accuracy, trained), { metric: { name: 'epoch/topic/accuracy', of: 'last' } });
    const both = measured('epoch/topic/accuracy', 'validation/topic/accuracy');
    assert.deepEqual(metricsOf(accuracy, both), ['validation/topic/accuracy', 'epoch/topic/accuracy']);
    assert.deepEqual(metricsOf({ kind: 'loss' }, measured('loss'))[0], 'loss');
    assert.equal(orderOf({ kind: 'curve', name: 'train/loss' }, both), null);
  });
});

describe('views of the runs table', () => {
  it('come back from the URL that they are written to', () => {
    const view = {
      query: 'tag = "a, b"',
      states: ['RUNNING' as const, 'FAILED' as const],
      experiment: 'one, two',
      regimes: ['full' as const],
      group: 'tag' as const,
      sort: { column: '-odd', descending: false },
      columns: ['state', 'metric:a,b'],
      widths: { name: 240, 'metric:1:a,b %2C': 96 },
      compact: true,
    };
    const written = (changes: Parameters<typeof viewParams>[0]) => {
      const params = new URLSearchParams();
      for (const [name, value] of Object.entries(viewParams(changes)))
        if (value !== null) params.set(name, value);
      return readRunsView(params);
    };
    const sorted = { ...view, sort: { column: 'metric:-odd', descending: true } };
    assert.deepEqual(written(sorted), sorted);
    assert.deepEqual(written({}), readRunsView(new URLSearchParams()));
    assert.equal(readRunsView(new URLSearchParams('sort=-nonsense&group=x&state=NONE')).sort, null);
  });

  it('filter by chips: a starting run counts as running', () => {
    const view = readRunsView(new URLSearchParams('state=RUNNING&regime=full,frozen'));
    assert.deepEqual(filterOf(view), {
      state: ['RUNNING', 'STARTING'],
      query: 'freeze.regime in ("full", "frozen")',
    });
    assert.ok(isFiltered(view));
    assert.equal(filterOf(readRunsView(new URLSearchParams('group=tag'))), null);
  });
});

describe('widths of the runs table', () => {
  const columns = [
    { id: 'name', width: 200, most: 300 },
    { id: 'loss', width: 100, most: 2000 },
    { id: 'seed', width: 60, most: 2000 },
    { id: 'state', width: 40, most: 2000 },
  ];
  const widths = (changed: Record<string, number>, space: number) => [
    ...fittedWidths(columns, changed, space).values(),
  ];

  it('fill the space there is, in proportion, none wider than it may be', () => {
    assert.deepEqual(widths({}, 480), [240, 120, 72, 48]);
    assert.deepEqual(widths({}, 1000), [300, 350, 210, 140]);
    assert.deepEqual(widths({}, 300), [200, 100, 60, 40]);
  });

  it('are left as they are before the last one that was changed', () => {
    assert.deepEqual(widths({ loss: 150 }, 500), [200, 150, 90, 60]);
    assert.deepEqual(widths({ state: 100 }, 1000), [200, 100, 60, 100]);
    assert.deepEqual(widths({ name: 900 }, 200), [300, 100, 60, 40]);
  });

  it('are kept of what stands before an edge that is moved, so that nothing moves but what comes after it', () => {
    const drawn = fittedWidths(columns, {}, 480);
    const changed = changedWidths(columns, drawn, {}, { loss: 130.4 });
    assert.deepEqual(changed, { name: 240, loss: 130 });
    assert.deepEqual(widths(changed, 480), [240, 130, 66, 44]);
    assert.deepEqual(changedWidths(columns, drawn, {}, { loss: drawn.get('loss')! }), {});
    assert.deepEqual(changedWidths(columns, drawn, {}, { name: 1 }), { name: LEAST_WIDTH });
    assert.deepEqual(changedWidths(columns, drawn, changed, { name: 240 }), { name: 240 });
  });

  it('that cannot be, and those of columns that mean nothing, are left out', () => {
    assert.deepEqual(readWidths('120:loss,x,9:seed,9999:state,100:nonsense,-80:name,80'), { loss: 120 });
  });
});

describe('the order of columns', () => {
  it('is changed by taking a column to another gap', () => {
    const columns = ['a', 'b', 'c', 'd'];
    const moved = (column: string, gap: number) => moveColumn(columns, column, gap).join('');
    assert.equal(moved('b', 0), 'bacd');
    assert.equal(moved('b', 1), 'abcd');
    assert.equal(moved('b', 2), 'abcd');
    assert.equal(moved('b', 4), 'acdb');
  });
});

describe('rows of the runs table', () => {
  const sections = [
    { key: 'a', count: 3, headed: true, open: true },
    { key: 'b', count: 9, headed: true, open: false },
    { key: 'c', count: 2, headed: true, open: true },
  ];

  it('are a heading and its runs, section after section; closed ones are their heading alone', () => {
    assert.equal(countRows(sections), 8);
    const rows = Array.from({ length: 9 }, (_, row) => rowAt(sections, row));
    assert.deepEqual(rows, [
      { kind: 'heading', section: 0 },
      ...[0, 1, 2].map((index) => ({ kind: 'run', section: 0, index })),
      { kind: 'heading', section: 1 },
      { kind: 'heading', section: 2 },
      ...[0, 1].map((index) => ({ kind: 'run', section: 2, index })),
      null,
    ]);
  });

  it('tell which runs of which section are in view', () => {
    assert.deepEqual(runsInView(sections, 2, 6), [
      { section: 0, first: 1, last: 2 },
      { section: 2, first: 0, last: 0 },
    ]);
    assert.deepEqual(runsInView(sections, 4, 5), []);
    assert.deepEqual(runsInView([{ key: 'all', count: 10_000, headed: false, open: true }], 9990, 10_050), [
      { section: 0, first: 9990, last: 9999 },
    ]);
  });
});
