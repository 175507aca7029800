import { RandomStream } from '../data/random.js';
import { emptyModel, fitLogisticRegression, score, type LabelledFeatures } from './logisticRegression.js';

/** How well a linear classifier reads a task off the features at a boundary. */
export interface ProbeScore {
  accuracy: number;
  /** Of the accuracy: over the validation rows, or over the folds. */
  standardError: number;
  /** The regularisation that did best on held-out rows (the mean over folds). */
  l2: number;
  trainedOn: number;
  scoredOn: number;
}

export interface ProbeRequest {
  classes: number;
  width: number;
  seed: number;
  /** Feature vector of a row, before standardising. */
  featureOf(row: number): Float32Array;
  labelOf(row: number): number;
  trainRows: readonly number[];
  /** Empty: the training rows are cross-validated instead. */
  validationRows: readonly number[];
}

/** From strong to weak; features have unit variance. */
const strengths = [1, 0.1, 0.01, 0.001];
const folds = 5;
/** One in so many training rows is held out to choose the regularisation. */
const holdOut = 5;

/** Fits and scores a regularised multinomial logistic regression; null when there are too few labelled rows for one. */
export function probe(request: ProbeRequest): ProbeScore | null {
  const { trainRows, validationRows, seed } = request;
  const shuffled = permute(trainRows, seed);
  if (validationRows.length > 0) {
    if (shuffled.length < 2 * holdOut) return null;
    const { correct, l2 } = fitAndScore(request, shuffled, validationRows);
    const accuracy = share(correct);
    return {
      accuracy,
      standardError: Math.sqrt((accuracy * (1 - accuracy)) / correct.length),
      l2,
      trainedOn: shuffled.length,
      scoredOn: correct.length,
    };
  }
  if (shuffled.length < folds * 2 * holdOut) return null;
  const results = Array.from({ length: folds }, (_, fold) => {
    const outside = shuffled.filter((_, index) => index % folds !== fold);
    return fitAndScore(
      request,
      outside,
      shuffled.filter((_, index) => index % folds === fold),
    );
  });
  const accuracies = results.map(({ correct }) => share(correct));
  const mean = average(accuracies);
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (folds - 1);
  return {
    accuracy: mean,
    standardError: Math.sqrt(variance / folds),
    l2: average(results.map(({ l2 }) => l2)),
    trainedOn: Math.round((shuffled.length * (folds - 1)) / folds),
    scoredOn: shuffled.length,
  };
}

/** Chooses the regularisation on held-out rows of the training rows, fits on all of them, and scores other rows. */
function fitAndScore(
  request: ProbeRequest,
  trainRows: readonly number[],
  scoredRows: readonly number[],
): { correct: boolean[]; l2: number } {
  const { classes, width } = request;
  const standardise = standardiser(request, trainRows);
  const heldOut = standardise(trainRows.filter((_, index) => index % holdOut === 0));
  const inner = standardise(trainRows.filter((_, index) => index % holdOut !== 0));
  let best = { l2: strengths[0], loss: Infinity };
  let model = emptyModel(classes, width);
  for (const l2 of strengths) {
    model = fitLogisticRegression(inner, l2, model);
    const { loss } = score(model, heldOut);
    if (loss >= best.loss) break; // the loss falls and then rises as the regularisation weakens
    best = { l2, loss };
  }
  const fitted = fitLogisticRegression(standardise(trainRows), best.l2, model);
  return { correct: score(fitted, standardise(scoredRows)).correct, l2: best.l2 };
}

/** Gathers rows with every feature shifted and scaled to mean 0 and variance 1 over the training rows. */
function standardiser(
  { featureOf, labelOf, width }: ProbeRequest,
  trainRows: readonly number[],
): (rows: readonly number[]) => LabelledFeatures {
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  for (const row of trainRows)
    featureOf(row).forEach((value, column) => (mean[column] += value / trainRows.length));
  for (const row of trainRows) {
    featureOf(row).forEach(
      (value, column) => (variance[column] += (value - mean[column]) ** 2 / trainRows.length),
    );
  }
  const scale = variance.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  return (rows) => {
    const features = new Float32Array(rows.length * width);
    rows.forEach((row, index) => {
      featureOf(row).forEach((value, column) => {
        features[index * width + column] = (value - mean[column]) * scale[column];
      });
    });
    return { features, width, labels: Int32Array.from(rows, labelOf) };
  };
}

function permute(rows: readonly number[], seed: number): number[] {
  const order = new RandomStream(seed, 'advice/probe').permutation(rows.length, 0);
  return Array.from(order, (index) => rows[index]);
}

function share(correct: readonly boolean[]): number {
  return correct.filter(Boolean).length / correct.length;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
