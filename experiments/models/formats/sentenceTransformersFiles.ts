import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { PoolingMode } from '../config.js';
import { familyOf } from '../families/families.js';
import type { ExportableModel } from './exportable.js';
import type { ResolvedModel } from '../model.js';
import { writeSafetensors, type HostTensor } from '../safetensors.js';
import { tokenizerFiles } from '../sources/files.js';
import { type ExportFile, jsonFile } from './exportFile.js';

const poolingFields: Record<PoolingMode, string> = {
  cls: 'pooling_mode_cls_token',
  mean: 'pooling_mode_mean_tokens',
  max: 'pooling_mode_max_tokens',
  mean_sqrt_len_tokens: 'pooling_mode_mean_sqrt_len_tokens',
};

/** How the families spell what a tokenizer's configuration names. */
const specialTokens: Record<string, string[]> = {
  pad: ['[PAD]', '<pad>'],
  unk: ['[UNK]', '<unk>'],
  cls: ['[CLS]', '<s>'],
  sep: ['[SEP]', '</s>'],
  mask: ['[MASK]', '<mask>'],
};

/** What transformers and sentence-transformers open, and the heads beside it. */
export function* sentenceTransformersFiles(trained: ExportableModel): Generator<ExportFile> {
  const { model, tensors, maxLength } = trained;
  const backbone = new Map(model.carried);
  const heads = new Map<string, HostTensor>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith('backbone.')) backbone.set(name.slice('backbone.'.length), tensor);
    else heads.set(name, tensor);
  }
  yield weightsFile('model.safetensors', backbone);
  yield weightsFile('heads.safetensors', heads);
  yield jsonFile('config.json', exportConfig(model));

  for (const name of tokenizerFiles) {
    const path = join(dirname(model.tokenizerPath), name);
    if (existsSync(path)) yield { path: name, parts: [readFileSync(path)] };
  }
  if (model.tokenizerConfigPath === null) yield jsonFile('tokenizer_config.json', tokenizerConfig(model));
  const similarity = join(model.folder, 'config_sentence_transformers.json');
  if (existsSync(similarity))
    yield { path: 'config_sentence_transformers.json', parts: [readFileSync(similarity)] };

  const types = {
    Transformer: '',
    Pooling: '1_Pooling',
    ...(model.normalize ? { Normalize: '2_Normalize' } : {}),
  };
  yield jsonFile(
    'modules.json',
    Object.entries(types).map(([type, path], idx) => ({
      idx,
      name: String(idx),
      path,
      type: `sentence_transformers.models.${type}`,
    })),
  );
  yield jsonFile('1_Pooling/config.json', {
    word_embedding_dimension: model.config.hiddenSize,
    ...Object.fromEntries(
      Object.entries(poolingFields).map(([mode, field]) => [field, mode === model.config.pooling]),
    ),
  });
  if (model.normalize) yield jsonFile('2_Normalize/config.json', {});
  yield jsonFile('sentence_bert_config.json', { max_seq_length: maxLength, do_lower_case: model.lowercase });
}

function weightsFile(path: string, tensors: Map<string, HostTensor>): ExportFile {
  return { path, parts: [writeSafetensors(tensors, { format: 'pt' })] };
}

/** config.json as it came, naming the bare encoder and the precision that is written. */
function exportConfig({ config }: ResolvedModel): Record<string, unknown> {
  const { torch_dtype: _torch, dtype: _dtype, ...raw } = config.raw;
  const architecture = familyOf(config).architectures[String(raw.model_type)];
  return { ...raw, architectures: [architecture], torch_dtype: 'float32' };
}

/** For a model that came without one: use tokenizer.json as it is, with those special tokens that it has. */
function tokenizerConfig({ tokenizerPath, config }: ResolvedModel): Record<string, unknown> {
  const { added_tokens: added = [] } = JSON.parse(readFileSync(tokenizerPath, 'utf8')) as {
    added_tokens?: { content: string }[];
  };
  const special = Object.entries(specialTokens).flatMap(([name, spellings]) => {
    const found = spellings.find((spelling) => added.some(({ content }) => content === spelling));
    return found === undefined ? [] : [[`${name}_token`, found]];
  });
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: config.maxPositions,
    ...Object.fromEntries(special),
  };
}
