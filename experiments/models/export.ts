import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { badInput } from '../errors.js';
import type { ExportFile } from './formats/exportFile.js';
import { exportRecordName, type ExportableModel, type ExportOptions } from './formats/exportable.js';
import { exportFiles } from './formats/exportFiles.js';

export {
  exportRecordName,
  type ExportableModel,
  type ExportOptions,
  type ExportRecord,
} from './formats/exportable.js';

/**
 * Writes a trained model as a folder that transformers and sentence-transformers open: the backbone under Hugging Face's names, its
 * pooling and normalisation, the tokenizer; beside them heads.safetensors and frostline.json, and the other formats that are asked for.
 * The folder appears complete or not at all; one that an earlier run wrote is written over, frostline.json last.
 */
export async function exportModel(
  trained: ExportableModel,
  folder: string,
  options: ExportOptions = {},
): Promise<void> {
  await fillFolder(folder, async (incoming) => {
    for (const file of exportFiles(trained, options)) writeFile(incoming, file);
  });
}

/** Lets `fill` write an export into a folder of its own, and puts that in its place once it is complete. */
export async function fillFolder(folder: string, fill: (incoming: string) => Promise<void>): Promise<void> {
  const target = resolve(folder);
  checkExportFolder(target);
  const existed = existsSync(target);
  const incoming = existed
    ? join(target, `.incoming-${randomBytes(6).toString('hex')}`)
    : join(dirname(target), `.${basename(target)}-${randomBytes(6).toString('hex')}`);
  mkdirSync(incoming, { recursive: true });
  try {
    await fill(incoming);
    if (!existed) renameSync(incoming, target);
    else moveInto(incoming, target);
  } finally {
    rmSync(incoming, { recursive: true, force: true });
  }
}

/** Refuses a folder that holds something else than an earlier export, so that nobody's model is written over. */
export function checkExportFolder(folder: string): void {
  if (!existsSync(folder) || existsSync(join(folder, exportRecordName))) return;
  const found = ['config.json', 'model.safetensors', 'tokenizer.json'].find((name) =>
    existsSync(join(folder, name)),
  );
  if (found === undefined) return;
  throw badInput(`expected an empty folder or one that an earlier run wrote, it holds a ${found}`, {
    source: folder,
  });
}

function writeFile(folder: string, { path, parts }: ExportFile): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  const file = openSync(target, 'wx');
  try {
    for (const part of parts) for (let at = 0; at < part.length;) at += writeSync(file, part, at);
  } finally {
    closeSync(file);
  }
}

function moveInto(incoming: string, target: string): void {
  rmSync(join(target, exportRecordName), { force: true }); // until it is back, the folder is no complete export
  const names = readdirSync(incoming, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(incoming.length + 1))
    .sort((a, b) => Number(a === exportRecordName) - Number(b === exportRecordName));
  for (const name of names) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    renameSync(join(incoming, name), join(target, name));
  }
}
