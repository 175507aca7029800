import assert from 'node:assert/strict';
import { labelPlaces } from '../../web/components/compare/charts/label-places.js';
import { dimensionsOf, varies, type DimensionRun } from '../../web/lib/dimensions.js';
import { frontierOf } from '../../web/lib/frontier.js';
import { nearestNames } from '../../web/lib/nearest-names.js';
import {
  parseAxes,
  passes,
  placeOf,
  printAxes,
  usualAxes,
  type ParallelAxis,
} from '../../web/lib/parallel-axes.js';
import { settingText } from '../../web/lib/settings.js';
import { fileName, toCsv, toJson } from '../../web/lib/table-data.js';
import { parseNames, printNames } from '../../web/lib/url-names.js';

const run = (label: string, seconds: number | null, loss: number | null, seed = 1): DimensionRun => ({
  seed,
  trainableParameters: 1,
  freeze: {
    label,
    frozenBlocks: 0,
    totalBlocks: 2,
    embeddingsFrozen: false,
    frozenHeads: [],
    trainableShare: 1,
  },
  cost: { computeSeconds: seconds },
  metrics: [{ name: 'epoch/loss', count: 1, last: loss, lastSpecial: loss === null ? 'NaN' : null }],
});

describe('the frontier', () => {
  it('holds what nothing beats in cost and quality at once, the cheapest first', () => {
    const points = [
      { cost: 300, quality: 0.93 },
      { cost: 20, quality: 0.88 },
      { cost: 120, quality: 0.925 },
      { cost: 150, quality: 0.9 },
      { cost: 300, quality: 0.92 },
      null,
      { cost: 1, quality: NaN },
    ];
    assert.deepEqual(frontierOf(points), [1, 2, 0]);
    assert.deepEqual(frontierOf([]), []);
  });
});

describe('labels of points', () => {
  it('go inwards at the edges, so that none is cut off', () => {
    const at = (x: number) => labelPlaces([{ x, y: 0.5, label: 'head sentiment frozen' }])[0]!.align;
    assert.deepEqual([at(0), at(0.5), at(1)], ['left', 'center', 'right']);
  });

  it('go below a point where one that chose first stands above it', () => {
    const label = 'embeddings + 3 of 6 blocks frozen';
    assert.deepEqual(
      labelPlaces([
        { x: 0.4, y: 0.9, label },
        { x: 0.5, y: 0.9, label },
        { x: 0.5, y: 0.1, label },
      ]).map(({ position }) => position),
      ['top', 'bottom', 'top'],
    );
  });

  it('stay off the axis under the lowest points', () => {
    const point = { x: 0.5, y: 0, label: 'frozen' };
    assert.deepEqual(
      labelPlaces([point, point]).map(({ position }) => position),
      ['top', 'top'],
    );
  });
});

describe('dimensions of compared runs', () => {
  const runs = [run('full', 300, 0.2), run('head-only', 20, null, 2)];
  const settings = [
    { path: 'training.learningRate', values: [1e-5, 3e-5] },
    { path: 'training.optimizer', values: ['adam', null] },
    { path: 'freeze.blocks', values: [0, 6] },
  ];
  const dimensions = dimensionsOf(runs, settings, settingText);
  const byKey = (key: string) => dimensions.find((dimension) => dimension.key === key)!;

  it('are numbers where all values are, categories otherwise, and NaN has no place', () => {
    assert.deepEqual(byKey('setting:training.learningRate').values, [1e-5, 3e-5]);
    assert.deepEqual(
      [byKey('setting:training.optimizer').kind, byKey('run:freeze').kind],
      ['category', 'category'],
    );
    assert.deepEqual(byKey('metric:epoch/loss').values, [0.2, null]);
    assert.deepEqual([varies(byKey('run:seconds')), varies(byKey('run:trainableShare'))], [true, false]);
  });

  it('begin as freeze configuration, cost, settings and what came of them', () => {
    assert.deepEqual(
      usualAxes(dimensions.filter(varies), ['metric:epoch/loss']).map(({ key }) => key),
      ['run:freeze', 'setting:training.learningRate', 'run:seconds'],
    );
  });

  it('pick the runs that lie within what was brushed on every axis', () => {
    const axis = (key: string, brush: [number, number] | null): ParallelAxis => ({
      key,
      log: false,
      flip: false,
      brush,
    });
    const drawn = [
      { axis: axis('run:seconds', [0, 100]), dimension: byKey('run:seconds') },
      { axis: axis('run:freeze', null), dimension: byKey('run:freeze') },
    ];
    assert.deepEqual([passes(drawn, 0), passes(drawn, 1)], [false, true]);
    const loss = [{ axis: axis('metric:epoch/loss', [0, 9]), dimension: byKey('metric:epoch/loss') }];
    assert.deepEqual(
      [passes(loss, 0), passes(loss, 1)],
      [true, false],
      'a run without a value passes nothing',
    );
    assert.equal(placeOf(byKey('run:freeze'), 1), 1);
    assert.equal(
      placeOf({ ...byKey('run:seconds'), values: [0] }, 0, true),
      null,
      'zero has no place on a log axis',
    );
  });

  it('stand in the URL with scale, direction and brush, whatever their names hold', () => {
    const axes: ParallelAxis[] = [
      { key: 'metric:a,b;c%', log: true, flip: false, brush: [-1, 2.5e-7] },
      { key: 'run:seconds', log: false, flip: true, brush: null },
    ];
    assert.deepEqual(parseAxes(printAxes(axes)), axes);
    assert.equal(printAxes(axes.slice(1)), 'run:seconds;flip');
    assert.deepEqual(parseAxes('run:seconds;nonsense;5..1;%'), [
      { key: 'run:seconds', log: false, flip: false, brush: null },
    ]);
    const names = ['a,b', '100%', 'plain/name'];
    assert.deepEqual(parseNames(printNames(names)), names);
  });
});

describe('names that were meant', () => {
  it('are those that measure the same before those that look alike', () => {
    const names = [
      'epoch/topic/accuracy',
      'epoch/loss',
      'validation/topic/accuracy',
      'validation/topic/macroF1',
    ];
    assert.deepEqual(nearestNames('validation/topics/accuracy', names, 2), [
      'validation/topic/accuracy',
      'epoch/topic/accuracy',
    ]);
  });
});

describe('numbers to take away', () => {
  const table = {
    columns: ['run', 'loss'],
    rows: [
      ['=cmd()|"x"', 0.5],
      ['two\nlines', NaN],
      ['-3', null],
    ],
  };

  it('are CSV whose text no spreadsheet takes for a formula', () => {
    assert.equal(toCsv(table), 'run,loss\r\n"\'=cmd()|""x""",0.5\r\n"two\nlines",NaN\r\n\'-3,\r\n');
    assert.equal(toCsv({ columns: ['x'], rows: [[-3]] }), 'x\r\n-3\r\n', 'numbers stay numbers');
  });

  it('are JSON with NaN in words', () => {
    assert.deepEqual(JSON.parse(toJson(table)), [
      { run: '=cmd()|"x"', loss: 0.5 },
      { run: 'two\nlines', loss: 'NaN' },
      { run: '-3', loss: null },
    ]);
  });

  it('go into files with names that every system takes', () => {
    assert.equal(fileName('topic · accuracy', 'svg'), 'topic-accuracy.svg');
    assert.equal(fileName('../../?', 'csv'), 'frostline.csv');
  });
});
