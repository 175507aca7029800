import assert from 'node:assert/strict';
import { spreadOf, verdictOf, type VerdictRun } from '../../web/lib/verdict.js';

function run(
  label: string,
  topic: number | null,
  seconds: number,
  more: Partial<VerdictRun> = {},
): VerdictRun {
  return {
    id: `${label} ${topic} ${seconds}`,
    label,
    trainableShare: label === 'full' ? 1 : 0.01,
    trainableParameters: 1000,
    seconds,
    loss: 1,
    accuracy: { topic },
    ...more,
  };
}

describe('verdict on what to freeze', () => {
  it('keeps the cheapest regime whose accuracy is within a percentage point of the best', () => {
    const verdict = verdictOf(
      [run('full', 0.92, 60), run('partial', 0.915, 20), run('head-only', 0.85, 2)],
      ['topic'],
    );
    assert.equal(verdict.best, 'full');
    assert.equal(verdict.keep, 'partial');
  });

  it('keeps the best where every cheaper one costs more accuracy than that', () => {
    const verdict = verdictOf([run('full', 0.92, 60), run('head-only', 0.85, 2)], ['topic']);
    assert.equal(verdict.keep, 'full');
  });

  it('puts seeds of a regime together, with mean and sample deviation', () => {
    const verdict = verdictOf(
      [run('full', 0.9, 60), run('head-only', 0.8, 2), run('full', 0.8, 62)],
      ['topic'],
    );
    const [full] = verdict.rows;
    assert.equal(full?.runIds.length, 2);
    assert.ok(Math.abs(full!.accuracy.topic!.mean! - 0.85) < 1e-12);
    assert.ok(Math.abs(full!.accuracy.topic!.deviation! - Math.SQRT1_2 / 10) < 1e-12);
  });

  it('widens the tolerance to the scatter over seeds', () => {
    const verdict = verdictOf(
      [run('full', 0.95, 60), run('full', 0.85, 60), run('head-only', 0.86, 2), run('head-only', 0.86, 2)],
      ['topic'],
    );
    assert.equal(verdict.keep, 'head-only');
  });

  it('decides nothing from one regime, or from accuracies that are missing or not numbers', () => {
    assert.equal(verdictOf([run('full', 0.9, 60)], ['topic']).keep, null);
    assert.equal(verdictOf([run('full', null, 60), run('head-only', Number.NaN, 2)], ['topic']).keep, null);
    assert.equal(verdictOf([], []).keep, null);
  });

  it('lets missing values out of a mean and NaN into it', () => {
    assert.deepEqual(spreadOf([1, null]), { mean: 1, deviation: null, count: 1 });
    assert.deepEqual(spreadOf([null]), { mean: null, deviation: null, count: 0 });
    assert.ok(Number.isNaN(spreadOf([1, Number.NaN]).mean));
  });
});
