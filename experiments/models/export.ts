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
import { exportFiles, type ExportFormat } from './formats/exportFiles.js';
import type { ModelCard } from './formats/modelCard.js';
import type { HeadShape } from './layout.js';
import type { ResolvedModel } from './model.js';
import type { HostTensor } from './safetensors.js';

/** What a training run leaves behind, as far as an export needs it. */
export interface ExportableModel {
  model: ResolvedModel;
  tasks: readonly HeadShape[];
  /** Every `backbone.*` and `heads.*` tensor. */
  tensors: ReadonlyMap<string, HostTensor>;
  weightsSha256: string;
  maxLength: number;
}

/** What goes along with a model's weights. */
export interface ExportOptions {
  /** Further fields of frostline.json. */
  record?: object;
  /** Text files, by their names. */
  attachments?: Readonly<Record<string, string>>;
  /** Formats beside Hugging Face's. */
  formats?: readonly ExportFormat[];
  /** What README.md tells; there is none without it. */
  card?: ModelCard;
}

/** The contents of an export's frostline.json. */
export interface ExportRecord {
  format: 1;
  /** The model that training began from, as its definition names it. */
  model: string;
  tasks: HeadShape[];
  maxLength: number;
  weightsSha256: string;
  /** Digest of each file that holds weights. */
  files: Record<string, string>;
  [extra: string]: unknown;
}

export const exportRecordName = 'frostline.json';

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
