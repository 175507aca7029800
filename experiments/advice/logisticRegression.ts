import { minimise } from './lbfgs.js';

/** Rows of features with their labels: `features[row * width + column]`, every label a class. */
export interface LabelledFeatures {
  features: Float32Array;
  width: number;
  labels: Int32Array;
}

/** A fitted multinomial logistic regression: logits = weights · x + bias, with the class's row [width + 1], the bias last. */
export interface LogisticModel {
  classes: number;
  width: number;
  coefficients: Float64Array;
}

export function emptyModel(classes: number, width: number): LogisticModel {
  return { classes, width, coefficients: new Float64Array(classes * (width + 1)) };
}

/**
 * Fits by minimising mean cross-entropy + l2/2 · ‖weights‖², the bias left free.
 * @param start where to begin, such as the fit for a neighbouring l2; not changed
 */
export function fitLogisticRegression(
  data: LabelledFeatures,
  l2: number,
  start: LogisticModel,
): LogisticModel {
  const { classes, width } = start;
  const coefficients = start.coefficients.slice();
  const rows = data.labels.length;
  const probabilities = new Float64Array(classes);
  minimise(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let row = 0; row < rows; row++) {
        const label = data.labels[row];
        loss -= Math.log(Math.max(softmaxOf(point, data, row, probabilities)[label], Number.MIN_VALUE));
        for (let index = 0; index < classes; index++) {
          const error = (probabilities[index] - (index === label ? 1 : 0)) / rows;
          addRow(gradient, index * (width + 1), data, row, error);
        }
      }
      let penalty = 0;
      for (let index = 0; index < point.length; index++) {
        if (index % (width + 1) === width) continue;
        penalty += point[index] * point[index];
        gradient[index] += l2 * point[index];
      }
      return loss / rows + (l2 / 2) * penalty;
    },
    coefficients,
    { maxIterations: 100, gradientTolerance: 1e-5, valueTolerance: 1e-7 },
  );
  return { classes, width, coefficients };
}

export interface Score {
  /** Whether each row's most probable class is its label. */
  correct: boolean[];
  /** Mean cross-entropy. */
  loss: number;
}

export function score({ coefficients, classes }: LogisticModel, data: LabelledFeatures): Score {
  const probabilities = new Float64Array(classes);
  let loss = 0;
  const correct = Array.from(data.labels, (label, row) => {
    softmaxOf(coefficients, data, row, probabilities);
    loss -= Math.log(Math.max(probabilities[label], Number.MIN_VALUE));
    return probabilities.indexOf(Math.max(...probabilities)) === label;
  });
  return { correct, loss: loss / data.labels.length };
}

/** Class probabilities of a row, written to `out`. */
function softmaxOf(
  coefficients: Float64Array,
  { features, width }: LabelledFeatures,
  row: number,
  out: Float64Array,
): Float64Array {
  const first = row * width;
  let highest = -Infinity;
  for (let index = 0; index < out.length; index++) {
    const at = index * (width + 1);
    let logit = coefficients[at + width];
    for (let column = 0; column < width; column++)
      logit += coefficients[at + column] * features[first + column];
    out[index] = logit;
    if (logit > highest) highest = logit;
  }
  let total = 0;
  for (let index = 0; index < out.length; index++) total += out[index] = Math.exp(out[index] - highest);
  for (let index = 0; index < out.length; index++) out[index] /= total;
  return out;
}

function addRow(
  target: Float64Array,
  at: number,
  { features, width }: LabelledFeatures,
  row: number,
  factor: number,
): void {
  const first = row * width;
  for (let column = 0; column < width; column++) target[at + column] += factor * features[first + column];
  target[at + width] += factor;
}
