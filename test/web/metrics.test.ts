import assert from 'node:assert/strict';
import { chartGroups } from '../../web/lib/chart-groups.js';
import {
  accuracyMetric,
  higherIsBetter,
  lastValue,
  parseMetricName,
  taskNames,
} from '../../web/lib/metrics.js';

const metric = (name: string, last: number | null = 0.5, count = 1) => ({ name, last, count });

describe('metrics in the dashboard', () => {
  it('takes names apart, with tasks that contain slashes', () => {
    assert.deepEqual(parseMetricName('epoch/topic/accuracy'), {
      phase: 'epoch',
      task: 'topic',
      measure: 'accuracy',
    });
    assert.deepEqual(parseMetricName('epoch/a/b/accuracy'), {
      phase: 'epoch',
      task: 'a/b',
      measure: 'accuracy',
    });
    assert.deepEqual(parseMetricName('train/loss'), { phase: 'train', task: null, measure: 'loss' });
    assert.deepEqual(parseMetricName('perplexity'), { phase: 'other', task: null, measure: 'perplexity' });
  });

  it('knows which direction is better, and when neither is', () => {
    assert.equal(higherIsBetter('validation/topic/macroF1'), true);
    assert.equal(higherIsBetter('epoch/lossSum'), false);
    assert.equal(higherIsBetter('train/learningRate'), null);
  });

  it('tells a missing value from one that is not a number', () => {
    assert.equal(lastValue([], 'train/loss'), null);
    assert.equal(lastValue([metric('train/loss', null, 0)], 'train/loss'), null);
    assert.ok(Number.isNaN(lastValue([metric('train/loss', null, 7)], 'train/loss')));
    assert.equal(
      lastValue([{ ...metric('train/loss', null, 7), lastSpecial: '-Infinity' }], 'train/loss'),
      -Infinity,
    );
    assert.equal(lastValue([metric('train/loss', 0.25)], 'train/loss'), 0.25);
  });

  it('measures all runs on validation rows as soon as one run has them', () => {
    const trained = { metrics: [metric('epoch/topic/accuracy')] };
    const validated = { metrics: [metric('epoch/topic/accuracy'), metric('validation/topic/accuracy')] };
    assert.equal(accuracyMetric([trained], 'topic'), 'epoch/topic/accuracy');
    assert.equal(accuracyMetric([trained, validated], 'topic'), 'validation/topic/accuracy');
    assert.deepEqual(taskNames([...trained.metrics, metric('train/mood/loss')]), ['topic']);
  });

  it('draws training and validation of a measure in one chart, and every metric somewhere', () => {
    const names = [
      'train/loss',
      'epoch/loss',
      'validation/loss',
      'train/topic/loss',
      'epoch/topic/accuracy',
      'validation/topic/accuracy',
      'train/learningRate',
      'system/memory',
    ];
    const { main, more } = chartGroups(names);
    assert.deepEqual(
      main.map(({ title, metrics }) => [title, ...metrics]),
      [
        ['Loss', 'train/loss', 'validation/loss'],
        ['topic · accuracy', 'epoch/topic/accuracy', 'validation/topic/accuracy'],
        ['topic · loss', 'train/topic/loss'],
      ],
    );
    const drawn = [...main, ...more].flatMap(({ metrics }) => metrics);
    assert.deepEqual(drawn.toSorted(), names.toSorted());
  });
});
