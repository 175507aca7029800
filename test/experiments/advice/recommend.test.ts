import assert from 'node:assert/strict';

import { recommend, weightedAccuracy, type Candidate } from '../../../experiments/advice/recommend.js';

/** 100 rows of which the first `right` are right, but for `swapped` of them that are wrong for one of the others. */
function rows(right: number, swapped = 0): boolean[] {
  return Array.from({ length: 100 }, (_, row) => row >= swapped && row < right + swapped);
}

function candidate(boundary: number, correct: boolean[], runSeconds: number): Candidate {
  return { boundary, label: `boundary ${boundary}`, correct: { topic: correct }, runSeconds };
}

const weights = { topic: 1 };

describe('the recommendation', () => {
  it('is the best where nothing that freezes more comes near', () => {
    const choice = recommend(
      [candidate(0, rows(80), 10), candidate(1, rows(60), 8), candidate(2, rows(50), 1)],
      weights,
      0.3,
      8,
    );
    assert.deepEqual([choice.boundary, choice.best], [0, 0]);
    assert.match(
      choice.reason,
      /after 8 steps is the best \(80\.0 %\), and none that freezes more comes within/,
    );
  });

  it('freezes more where the difference is within its standard error over the same rows', () => {
    const choice = recommend(
      [candidate(0, rows(80), 10), candidate(1, rows(79, 3), 8), candidate(2, rows(70), 1)],
      weights,
      0.3,
      8,
    );
    assert.deepEqual([choice.boundary, choice.best], [1, 0]);
    assert.match(
      choice.reason,
      /\(79\.0 %\) is within one standard error \(.+\) of the best \(80\.0 %, boundary 0\)/,
    );
    assert.match(choice.reason, /a run takes 8\.0 s instead of 10 s$/);
  });

  it('does not take rows that all agree on for doubt', () => {
    // One row less is a small difference, but its standard error is that of one row too.
    const choice = recommend([candidate(0, rows(80), 10), candidate(1, rows(70), 8)], weights, 0.3, 8);
    assert.equal(choice.boundary, 0);
  });

  it('does not depend on what a busy machine made of the timings, and claims no saving that was not measured', () => {
    const choice = recommend([candidate(0, rows(80), 10), candidate(1, rows(80), 30)], weights, 0.3, 8);
    assert.equal(choice.boundary, 1);
    assert.doesNotMatch(choice.reason, /instead/);
  });

  it('is withheld when no boundary does better than guessing', () => {
    const choice = recommend([candidate(0, rows(52), 10), candidate(1, rows(50), 8)], weights, 0.5, 4);
    assert.equal(choice.boundary, null);
    assert.match(
      choice.reason,
      /after 4 steps no boundary does better \(52\.0 %\) than always guessing .*\(50\.0 %\)/,
    );
  });

  it('weighs tasks as the loss does, and leaves out those that cannot be scored', () => {
    const correct = { topic: rows(80), sentiment: rows(40), silent: [] };
    assert.ok(Math.abs(weightedAccuracy(correct, { topic: 3, sentiment: 1, silent: 9 }) - 0.7) < 1e-12);
  });
});
