/** Files without which a model cannot be used. */
export const neededModelFiles: readonly string[] = ['config.json', 'tokenizer.json', 'model.safetensors'];

/** Files that make up a tokenizer, those beside tokenizer.json where they exist. */
export const tokenizerFiles: readonly string[] = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.txt',
];

/** Files that say how a tokenizer and sentence-transformers are to treat the model; taken along where they exist. */
export const optionalModelFiles: readonly string[] = [
  ...tokenizerFiles.slice(1),
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
];

export const modelFiles: readonly string[] = [...neededModelFiles, ...optionalModelFiles];
