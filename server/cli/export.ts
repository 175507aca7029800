import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ModelVersion } from '../../client/index.js';
import { badInput } from '../../experiments/errors.js';
import {
  checkExportFolder,
  exportModel,
  exportRecordName,
  fillFolder,
} from '../../experiments/models/export.js';
import { type ExportFormat, exportFormats } from '../../experiments/models/formats/exportable.js';
import { readExport } from '../../experiments/models/readExport.js';
import { readConfig } from '../config.js';
import { isRunId } from '../runs/runIds.js';
import { type Client, connect, serverAddress } from './client/client.js';
import { download } from './client/download.js';

export interface ExportOptions {
  formats?: string;
}

/**
 * `frostline export`: writes the model of a run on the server, of a registered name, or of a folder that `train --out` wrote, into a folder
 * that Hugging Face's tools open, with ONNX and TensorFlow.js beside.
 */
export async function exportCommand(
  reference: string,
  folder: string,
  options: ExportOptions,
): Promise<void> {
  const formats = parseFormats(options.formats ?? exportFormats.join(','));
  checkExportFolder(folder);
  if (existsSync(join(reference, exportRecordName))) await exportFolder(reference, folder, formats);
  else await exportFromServer(reference, folder, formats);
  process.stdout.write(`${folder}\n`);
}

/** Writes what a folder holds into another, in more formats; its record and its card go along. */
async function exportFolder(from: string, folder: string, formats: readonly ExportFormat[]): Promise<void> {
  const { record, ...trained } = readExport(from);
  const {
    format: _format,
    model: _model,
    tasks: _tasks,
    maxLength: _length,
    weightsSha256: _sha,
    files: _files,
    ...kept
  } = record;
  const texts = ['README.md', 'validation-predictions.jsonl'].filter((name) => existsSync(join(from, name)));
  const { definition, fork } = (kept.launchedFrom ?? {}) as { definition?: string; fork?: string };
  const moved = (path: string): string => relative(folder, join(from, path));
  await exportModel({ ...trained, model: { ...trained.model, id: record.model } }, folder, {
    record: {
      ...kept,
      ...(kept.launchedFrom === undefined
        ? {}
        : {
            launchedFrom: {
              ...kept.launchedFrom,
              ...(definition === undefined || definition === exportRecordName
                ? {}
                : { definition: moved(definition) }),
              ...(fork === undefined ? {} : { fork: moved(fork) }),
            },
          }),
    },
    attachments: Object.fromEntries(texts.map((name) => [name, readFileSync(join(from, name), 'utf8')])),
    formats,
  });
}

async function exportFromServer(
  reference: string,
  folder: string,
  formats: readonly ExportFormat[],
): Promise<void> {
  const address = serverAddress(readConfig());
  const runId = isRunId(reference) ? reference : await findRun(connect(address), reference);
  const scratch = mkdtempSync(join(tmpdir(), 'frostline-export-'));
  try {
    const archive = join(scratch, 'export.zip');
    const show = process.stderr.isTTY
      ? (bytes: number) => void process.stderr.write(`\r\x1b[Kfetching ${(bytes / 1e6).toFixed(1)} MB`)
      : undefined;
    await download(address, `/runs/${runId}/export?formats=${formats.join(',')}`, archive, show);
    if (show) process.stderr.write('\n');
    await fillFolder(folder, (incoming) => unpack(archive, incoming));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function parseFormats(text: string): ExportFormat[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length === 1 && (names[0] === 'none' || names[0] === '')) return [];
  const unknown = names.find((name) => !exportFormats.some((known) => known === name));
  if (unknown === undefined) return names as ExportFormat[];
  const expected = `${exportFormats.join(', ')}, or none`;
  throw badInput(`--formats: expected some of ${expected}, got ${JSON.stringify(unknown)}`, {
    path: '--formats',
  });
}

/** The run behind a reference to a registered model. */
async function findRun(client: Client, reference: string): Promise<string> {
  const { modelVersion } = await client(ModelVersion, { reference });
  if (modelVersion !== null) return modelVersion.run.id;
  throw badInput(
    `run: expected a folder that train --out wrote, the id of a run, or a registered model such as news@production, got ${JSON.stringify(reference)}`,
    { path: 'run' },
  );
}

/** Unpacks an archive without the folder that all of it is in. An archive that is not complete is refused. */
async function unpack(archive: string, folder: string): Promise<void> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive); // it refuses names that lead out of the folder
  try {
    for await (const entry of zip.eachEntry()) {
      const target = join(folder, entry.fileName.slice(entry.fileName.indexOf('/') + 1));
      mkdirSync(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    }
  } finally {
    zip.close();
  }
  if (!existsSync(join(folder, exportRecordName)))
    throw badInput('expected a complete export from the server, it broke off');
}
