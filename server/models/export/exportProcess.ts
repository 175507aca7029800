// Makes one archive and writes it to standard output: lowering a model and packing it takes seconds of a thread, which must not be the API's.
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FrostlineError } from '../../../experiments/errors.js';
import { exportFiles } from '../../../experiments/models/formats/exportFiles.js';
import { folderBlobStore } from '../../blobs/folderBlobStore.js';
import { readConfig } from '../../config.js';
import { assembleTrainedModel } from '../../embeddings/loadTrainedModel.js';
import { openModelStore } from '../modelStore.js';
import { type ExportFailure, type ExportJob } from './exportJob.js';
import { zipFiles } from './zipFiles.js';

process.once('message', ({ source, name, madeAt, ...options }: ExportJob) => {
  const config = readConfig();
  const blobs = folderBlobStore(join(config.dataFolder, 'blobs'));
  assembleTrainedModel({ models: openModelStore(config), blobs }, source)
    .then((trained) => pipeline(zipFiles(name, exportFiles(trained, options), madeAt), process.stdout))
    .then(
      () => process.stdout.write('', () => process.disconnect()),
      (error: unknown) => process.send?.(describe(error), () => process.exit(1)),
    );
});
process.once('disconnect', () => process.exit());
// A terminal's Ctrl-C reaches every process; this one ends when the server lets go of it.
process.on('SIGINT', () => {});

function describe(error: unknown): ExportFailure {
  if (error instanceof FrostlineError && error.code !== 'INTERNAL') {
    const { code, message, path } = error;
    return { code, message, ...(path === undefined ? {} : { path }) };
  }
  process.stderr.write(
    `export: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return { code: 'INTERNAL', message: 'the archive could not be made' };
}
