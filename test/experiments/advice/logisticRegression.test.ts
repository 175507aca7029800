import assert from 'node:assert/strict';

import { minimise } from '../../../experiments/advice/lbfgs.js';
import {
  emptyModel,
  fitLogisticRegression,
  score,
  type LabelledFeatures,
} from '../../../experiments/advice/logisticRegression.js';
import { RandomStream } from '../../../experiments/data/random.js';
import { assertClose } from '../../support/closeness.js';

const width = 3;

/** Three overlapping clouds, one a class. */
function clouds(rows: number): LabelledFeatures {
  const noise = new RandomStream(7, 'clouds').uniform(0, rows * width);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 3);
  const features = noise.map((value, index) => {
    const isOwn = index % width === labels[Math.floor(index / width)];
    return (isOwn ? 1 : 0) + 2 * (value - 0.5);
  });
  return { features, width, labels };
}

/** Mean cross-entropy + l2/2 ‖weights‖², written plainly. */
function objective(point: readonly number[], { features, labels }: LabelledFeatures, l2: number): number {
  let loss = 0;
  labels.forEach((label, row) => {
    const logits = [0, 1, 2].map((index) => {
      const at = index * (width + 1);
      return [0, 1, 2].reduce(
        (sum, column) => sum + point[at + column] * features[row * width + column],
        point[at + width],
      );
    });
    loss += Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[label];
  });
  const squares = point.reduce(
    (sum, value, index) => (index % (width + 1) === width ? sum : sum + value * value),
    0,
  );
  return loss / labels.length + (l2 / 2) * squares;
}

describe('limited-memory BFGS', () => {
  it('finds the minimum of an ill-conditioned quadratic', () => {
    const scales = [1, 10, 100, 1000, 10_000];
    const x = new Float64Array(5);
    const value = minimise(
      (point, gradient) => {
        point.forEach((entry, index) => (gradient[index] = scales[index] * (entry - index)));
        return scales.reduce((sum, scale, index) => sum + (scale / 2) * (point[index] - index) ** 2, 0);
      },
      x,
      { gradientTolerance: 1e-9, valueTolerance: 0 },
    );
    assertClose(x, [0, 1, 2, 3, 4], 1e-8, 'minimum');
    assert.ok(value < 1e-12);
  });

  it('stays where it is when there is nothing to gain', () => {
    const x = Float64Array.of(2);
    assert.equal(
      minimise((point, gradient) => {
        gradient[0] = 0;
        return point[0];
      }, x),
      2,
    );
    assert.deepEqual(x, Float64Array.of(2));
  });
});

describe('the logistic regression', () => {
  const data = clouds(120);

  for (const l2 of [1, 0.01]) {
    it(`is where the penalised likelihood has no slope, with l2 ${l2}`, () => {
      const { coefficients } = fitLogisticRegression(data, l2, emptyModel(3, width));
      const point = [...coefficients];
      const at = (index: number, step: number): number =>
        objective(
          point.map((value, k) => (k === index ? value + step : value)),
          data,
          l2,
        );
      point.forEach((_, index) => {
        const slope = (at(index, 1e-4) - at(index, -1e-4)) / 2e-4;
        assert.ok(Math.abs(slope) < 1e-3, `slope ${slope} by coefficient ${index}`);
      });
    });
  }

  it('comes to the same from another start', () => {
    const cold = fitLogisticRegression(data, 0.1, emptyModel(3, width));
    const warm = fitLogisticRegression(data, 0.1, fitLogisticRegression(data, 0.001, emptyModel(3, width)));
    assert.ok(Math.abs(score(cold, data).loss - score(warm, data).loss) < 1e-3);
  });

  it('tells rows that were read right from those that were not', () => {
    const { correct } = score(fitLogisticRegression(data, 0.001, emptyModel(3, width)), data);
    const share = correct.filter(Boolean).length / correct.length;
    assert.ok(share > 0.6 && share < 1, `accuracy ${share}`);
    assert.deepEqual(
      score(emptyModel(3, width), data).correct,
      Array.from(data.labels, (label) => label === 0),
    );
  });
});
