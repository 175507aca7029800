import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { badInput, FrostlineError } from '../errors.js';
import { exportRecordName, type ExportableModel, type ExportRecord } from './export.js';
import { headLayout } from './layout.js';
import { readSafetensors, type HostTensor } from './safetensors.js';
import { openModelFolder } from './sources/folder.js';
import { sha256 } from './sources/manifest.js';
import { asParameter } from './weights/arrange.js';

/** Reads a folder that `exportModel` wrote, heads included. Weights that are not those that were written are refused. */
export function readExport(folder: string): ExportableModel & { record: ExportRecord } {
  const record = readRecord(folder);
  const check = digestCheck(folder, record);
  const model = openModelFolder(folder, { id: folder, source: 'folder', seed: 0, onDigest: check });

  const path = join(folder, 'heads.safetensors');
  if (!existsSync(path)) throw missing(folder, 'heads.safetensors');
  const bytes = readFileSync(path);
  check('heads.safetensors', sha256(bytes));
  const stored = readSafetensors(bytes, { source: path }).tensors;
  const tensors = new Map<string, HostTensor>(model.tensors);
  for (const { name, shape } of record.tasks.flatMap((task) => headLayout(model.config, task))) {
    const tensor = stored.get(name);
    if (tensor === undefined)
      throw badInput(`${name}: expected a tensor of this name, there is none`, { path: name, source: path });
    tensors.set(name, asParameter(tensor, shape, name, path));
  }
  const { tasks, maxLength, weightsSha256 } = record;
  return { model, tasks, tensors, weightsSha256, maxLength, record };
}

/** Refuses files of a folder that are not those that `exportModel` wrote there; undefined for a folder that others made. */
export function exportedDigests(folder: string): DigestCheck | undefined {
  return existsSync(join(folder, exportRecordName)) ? digestCheck(folder, readRecord(folder)) : undefined;
}

type DigestCheck = (name: string, digest: string) => void;

function digestCheck(folder: string, { files }: ExportRecord): DigestCheck {
  return (name, digest) => {
    const expected = files[name];
    if (expected === undefined || expected === digest) return;
    throw new FrostlineError(
      'CORRUPT',
      `expected SHA-256 ${expected}, as ${exportRecordName} says, got ${digest}`,
      {
        path: name,
        source: join(folder, name),
      },
    );
  };
}

function readRecord(folder: string): ExportRecord {
  const path = join(folder, exportRecordName);
  if (!existsSync(path)) throw missing(folder, exportRecordName);
  let record: Partial<ExportRecord>;
  try {
    record = JSON.parse(readFileSync(path, 'utf8')) as Partial<ExportRecord>;
  } catch (error) {
    throw badInput(`expected a JSON file, ${(error as Error).message}`, { source: path, cause: error });
  }
  if (record.format !== 1 || !Array.isArray(record.tasks) || typeof record.files !== 'object') {
    throw badInput('expected what `frostline train --out` writes, of format 1', { source: path });
  }
  return record as ExportRecord;
}

function missing(folder: string, name: string): FrostlineError {
  return badInput(`${name}: expected a folder that \`frostline train --out\` wrote, there is no such file`, {
    path: name,
    source: folder,
  });
}
