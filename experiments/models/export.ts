import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { badInput } from '../errors.js';
import type { HeadShape } from './layout.js';
import type { ResolvedModel } from './model.js';
import { writeSafetensors, type HostTensor } from './safetensors.js';
import { optionalModelFiles } from './sources/files.js';
import { sha256 } from './sources/manifest.js';

/** What a training run leaves behind, as far as an export needs it. */
export interface ExportableModel {
  model: ResolvedModel;
  tasks: readonly HeadShape[];
  /** Every `backbone.*` and `heads.*` tensor. */
  tensors: ReadonlyMap<string, HostTensor>;
  weightsSha256: string;
  maxLength: number;
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
 * Writes a trained model as a folder that transformers and sentence-transformers open: the backbone under Hugging Face's names, mean
 * pooling and normalisation, the tokenizer; and beside them heads.safetensors and frostline.json. The folder appears complete or
 * not at all; one that an earlier run wrote is written over, frostline.json last. `attachments` are text files that go along.
 */
export async function exportModel(
  trained: ExportableModel,
  folder: string,
  extra: object,
  attachments: Readonly<Record<string, string>> = {},
): Promise<void> {
  const target = resolve(folder);
  checkExportFolder(target);
  const existed = existsSync(target);
  const incoming = existed
    ? join(target, `.incoming-${randomBytes(6).toString('hex')}`)
    : join(dirname(target), `.${basename(target)}-${randomBytes(6).toString('hex')}`);
  mkdirSync(incoming, { recursive: true });
  try {
    writeFiles(trained, incoming, extra, attachments);
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

function writeFiles(
  { model, tasks, tensors, weightsSha256, maxLength }: ExportableModel,
  folder: string,
  extra: object,
  attachments: Readonly<Record<string, string>>,
): void {
  const json = (name: string, value: unknown): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  };
  for (const [name, text] of Object.entries(attachments)) writeFileSync(join(folder, name), text);
  const files: Record<string, string> = {};
  const weights = (name: string, chosen: Map<string, HostTensor>): void => {
    const bytes = writeSafetensors(chosen, { format: 'pt' });
    files[name] = sha256(bytes);
    writeFileSync(join(folder, name), bytes);
  };

  const backbone = new Map(model.carried);
  const heads = new Map<string, HostTensor>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith('backbone.')) backbone.set(name.slice('backbone.'.length), tensor);
    else heads.set(name, tensor);
  }
  weights('model.safetensors', backbone);
  weights('heads.safetensors', heads);
  json('config.json', exportConfig(model));

  for (const name of ['tokenizer.json', ...optionalModelFiles]) {
    const from = join(model.folder, name);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(from, join(folder, name));
  }
  if (model.tokenizerConfigPath === null) json('tokenizer_config.json', tokenizerConfig(model));

  const types = { Transformer: '', Pooling: '1_Pooling', Normalize: '2_Normalize' };
  json(
    'modules.json',
    Object.entries(types).map(([type, path], idx) => ({
      idx,
      name: String(idx),
      path,
      type: `sentence_transformers.models.${type}`,
    })),
  );
  json('1_Pooling/config.json', {
    word_embedding_dimension: model.config.hiddenSize,
    pooling_mode_cls_token: false,
    pooling_mode_mean_tokens: true,
    pooling_mode_max_tokens: false,
    pooling_mode_mean_sqrt_len_tokens: false,
  });
  json('2_Normalize/config.json', {});
  json('sentence_bert_config.json', { max_seq_length: maxLength, do_lower_case: false });
  const record: ExportRecord = {
    format: 1,
    model: model.id,
    tasks: tasks.map(({ name, classes, hidden }) => ({ name, classes, hidden })),
    maxLength,
    weightsSha256,
    ...extra,
    files,
  };
  json(exportRecordName, record);
}

/** config.json as it came, naming the bare encoder and the precision that is written. */
function exportConfig({ config }: ResolvedModel): Record<string, unknown> {
  const { torch_dtype: _torch, dtype: _dtype, ...raw } = config.raw;
  const architecture = config.family === 'bert' ? 'BertModel' : 'DistilBertModel';
  return { ...raw, architectures: [architecture], torch_dtype: 'float32' };
}

/** For a model that came without one: use tokenizer.json as it is, with those special tokens that it has. */
function tokenizerConfig({ tokenizerPath, config }: ResolvedModel): Record<string, unknown> {
  const { added_tokens: added = [] } = JSON.parse(readFileSync(tokenizerPath, 'utf8')) as {
    added_tokens?: { content: string }[];
  };
  const special = ['pad', 'unk', 'cls', 'sep', 'mask']
    .map((name) => [`${name}_token`, `[${name.toUpperCase()}]`])
    .filter(([, content]) => added.some((token) => token.content === content));
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: config.maxPositions,
    ...Object.fromEntries(special),
  };
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
