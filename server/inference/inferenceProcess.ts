// The process that holds the models: ONNX Runtime computes on the thread that asks it to, which must not be the API's.
import { FrostlineError } from '../../experiments/errors.js';
import { openBlobStore } from '../blobs/openBlobStore.js';
import { readConfig } from '../config.js';
import { openModelStore } from '../models/modelStore.js';
import { InferenceEngine } from './inferenceEngine.js';
import { loadModel } from './loadModel.js';
import { type FromProcess, type ToProcess, type TransportedError } from './protocol.js';

const config = readConfig();
const dependencies = {
  config,
  models: openModelStore(config),
  blobs: await openBlobStore(config.blobs),
};
const send = (message: FromProcess): void => {
  if (process.connected) process.send!(message);
};
const engine = new InferenceEngine({
  load: (source, precision) => loadModel(dependencies, source, precision),
  modelBytes: config.inference.modelBytes,
  batchTokens: config.inference.batchTokens,
  onDone: (id, answer) => send({ type: 'done', id, answer }),
  onFailed: (id, error) => send({ type: 'failed', id, error: transport(error) }),
});

process.on('message', (message: ToProcess) => {
  if (message.type === 'run') engine.submit(message.id, message.request);
  else engine.cancel(message.id);
});
// A terminal's Ctrl-C reaches every process; this one ends when the server lets go of it.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());

/** What cannot be foreseen is logged here; the client learns that it happened. */
function transport(error: unknown): TransportedError {
  if (error instanceof FrostlineError) {
    const { code, message, path } = error;
    return { code, message, ...(path === undefined ? {} : { path }) };
  }
  send({
    type: 'log',
    level: 'error',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return { code: 'INTERNAL', message: 'the model could not compute' };
}
