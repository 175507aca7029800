import assert from 'node:assert/strict';

import { probe, type ProbeRequest } from '../../../experiments/advice/probe.js';
import { RandomStream } from '../../../experiments/data/random.js';

const width = 6;
const rows = 300;

/** Features of which the first says the class, as loudly as `signal`, among noise; on scales that differ a thousandfold. */
function request(signal: number, more: Partial<ProbeRequest> = {}): ProbeRequest {
  const noise = new RandomStream(3, 'noise').uniform(0, rows * width);
  const labelOf = (row: number): number => (row * 7) % 3;
  return {
    classes: 3,
    width,
    seed: 1,
    labelOf,
    featureOf: (row) =>
      Float32Array.from({ length: width }, (_, column) => {
        const value = noise[row * width + column] - 0.5 + (column === labelOf(row) ? signal : 0);
        return 1000 ** (column % 2) * value + column;
      }),
    trainRows: Array.from({ length: 200 }, (_, row) => row),
    validationRows: Array.from({ length: 100 }, (_, row) => 200 + row),
    ...more,
  };
}

describe('the probe', () => {
  it('reads a class that the features tell plainly', () => {
    const result = probe(request(2));
    assert.ok(result);
    assert.equal(result.accuracy, 1);
    assert.equal(result.standardError, 0);
    assert.deepEqual([result.trainedOn, result.scoredOn], [200, 100]);
  });

  it('reads nothing from noise, regularised strongly', () => {
    const result = probe(request(0));
    assert.ok(result);
    assert.ok(Math.abs(result.accuracy - 1 / 3) < 3 * result.standardError, `accuracy ${result.accuracy}`);
    assert.equal(result.l2, 1);
  });

  it('gives the binomial standard error on a validation split', () => {
    const result = probe(request(0.5));
    assert.ok(result);
    const { accuracy, standardError } = result;
    assert.ok(accuracy > 0.5 && accuracy < 1);
    assert.ok(Math.abs(standardError - Math.sqrt((accuracy * (1 - accuracy)) / 100)) < 1e-12);
  });

  it('is cross-validated where there is no validation split, with the spread of the folds', () => {
    const result = probe(request(0.5, { validationRows: [] }));
    assert.ok(result);
    assert.deepEqual([result.trainedOn, result.scoredOn], [160, 200]);
    assert.ok(result.accuracy > 0.5 && result.accuracy < 1);
    assert.ok(result.standardError > 0 && result.standardError < 0.1);
    assert.deepEqual(probe(request(0.5, { validationRows: [] })), result);
  });

  it('says nothing on too few rows', () => {
    assert.equal(probe(request(2, { trainRows: [0, 1, 2] })), null);
    assert.equal(
      probe(request(2, { trainRows: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], validationRows: [] })),
      null,
    );
  });
});
