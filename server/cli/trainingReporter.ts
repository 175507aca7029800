import { SingleBar } from 'cli-progress';

import type { Definition } from '../../experiments/schema/definition.js';
import type { EpochEvent, ResultEvent, TrainingEvent } from '../../experiments/training/events.js';

export interface TrainingReporter {
  onEvent(event: TrainingEvent): void;
  /** After the run, and after its export. */
  finish(result: ResultEvent, out?: string): void;
  close(): void;
}

/** Tells of a run: a bar on standard error where that is a terminal; epochs and the result on standard output, for people or as JSON. */
export function trainingReporter(
  definition: Definition,
  { json, ofSweep }: { json: boolean; ofSweep: boolean },
): TrainingReporter {
  const bar = new SingleBar({
    format: `${definition.name} [{bar}] step {value}/{total}, epoch {epoch}, loss {loss}, {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
  const terminal = process.stderr.isTTY;
  const print = (line: string): void => {
    const besideBar = terminal && bar.isActive;
    if (besideBar) process.stderr.write('\r\x1b[K');
    process.stdout.write(`${line}\n`);
    // The bar goes back to the saved position when it ends: from now on that is the line below this one.
    if (besideBar) process.stderr.write('\x1b7');
  };
  const toJson = (line: object): string => JSON.stringify(ofSweep ? { ...line, run: definition.name } : line);
  const onEvent = (event: TrainingEvent): void => {
    switch (event.type) {
      case 'started':
        if (ofSweep && !json) print(definition.name);
        if (terminal) bar.start(event.totalSteps, event.resumedFromStep, { epoch: '1', loss: '-' });
        break;
      case 'step':
        if (terminal) bar.update(event.step, { epoch: String(event.epoch), loss: event.loss.toPrecision(4) });
        break;
      case 'epoch':
        print(json ? toJson(epochLine(event)) : describeEpoch(event, definition.training.epochs));
        break;
      case 'log':
        if (event.level === 'warn') process.stderr.write(`note: ${event.message}\n`);
        break;
      case 'evaluation':
      case 'checkpoint':
      case 'result':
        break;
    }
  };
  return {
    onEvent,
    finish(result, out) {
      bar.stop();
      if (json) return print(toJson(resultLine(result)));
      const features = describeFeatures(result);
      if (features !== null) print(features);
      print(describeResult(result, out));
    },
    close: () => bar.stop(),
  };
}

/** The epoch as `--json` prints it. */
function epochLine(event: EpochEvent): object {
  const { type, epoch, lossSum, loss, stepLosses, train, validation, seconds, sentencesPerSecond } = event;
  const accuracies = Object.fromEntries(
    Object.entries(train).map(([task, { accuracy }]) => [task, { accuracy }]),
  );
  const validated =
    validation &&
    Object.fromEntries(
      Object.entries(validation).map(([task, { accuracy, loss: taskLoss, macroF1, confusion }]) => [
        task,
        { accuracy, loss: taskLoss, macroF1, confusion },
      ]),
    );
  return {
    type,
    epoch,
    lossSum,
    loss,
    stepLosses,
    train: accuracies,
    ...(validated === undefined ? {} : { validation: validated }),
    seconds,
    sentencesPerSecond,
  };
}

function resultLine({
  type,
  weightsSha256,
  trainableParameters,
  totalParameters,
  seconds,
  features,
}: ResultEvent): object {
  const { computed, reused, secondsSaved } = features;
  return {
    type,
    weightsSha256,
    trainableParameters,
    totalParameters,
    seconds,
    features: { computed, reused, secondsSaved },
  };
}

function describeEpoch(event: EpochEvent, epochs: number): string {
  const tasks = Object.entries(event.train).map(([task, { accuracy }]) => {
    const validated = event.validation?.[task]?.accuracy;
    return `${task} ${percent(accuracy)}${validated === undefined ? '' : ` (validation ${percent(validated)})`}`;
  });
  return `epoch ${event.epoch}/${epochs}  loss sum ${event.lossSum.toFixed(4)}  ${tasks.join('  ')}  ${event.seconds.toFixed(1)} s`;
}

/** What frozen layers put out and where it came from; null for a run that trains from the bottom. */
function describeFeatures({ features: { computed, reused, secondsSaved } }: ResultEvent): string | null {
  if (computed + reused === 0) return null;
  const saved = reused === 0 ? '' : `, ${secondsSaved.toFixed(1)} s saved`;
  return `frozen layers: ${computed.toLocaleString('en')} rows computed, ${reused.toLocaleString('en')} reused${saved}`;
}

function describeResult(
  { trainableParameters, totalParameters, seconds, weightsSha256 }: ResultEvent,
  out?: string,
): string {
  const share = percent(totalParameters === 0 ? 0 : trainableParameters / totalParameters);
  const counts = `${trainableParameters.toLocaleString('en')} of ${totalParameters.toLocaleString('en')} parameters (${share})`;
  return `trained ${counts} in ${seconds.toFixed(1)} s, weights ${weightsSha256.slice(0, 12)}${out === undefined ? '' : `, written to ${out}`}`;
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)} %`;
}
