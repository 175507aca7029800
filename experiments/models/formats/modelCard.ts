import type { ResolvedModel } from '../model.js';
import type { ExportableModel, ExportFormat, ModelCard } from './exportable.js';

/** Writes a model card (README.md) as the Hugging Face hub shows them. */
export function writeModelCard(
  card: ModelCard,
  trained: ExportableModel,
  { formats, files }: { formats: readonly ExportFormat[]; files: Readonly<Record<string, string>> },
): string {
  const { name, freeze, dataset, training, metrics, digests, version } = card;
  const { model, tasks, weightsSha256, maxLength } = trained;
  const { hiddenSize, pooling } = model.config;
  const share = (100 * freeze.trainableParameters) / freeze.totalParameters;
  const sections = [
    frontMatter(model),
    `# ${text(name)}`,
    `${text(model.id)}, trained by Frostline ${text(version)}: ${text(freeze.label)}. It turns a sentence of up to ${maxLength} tokens into a ` +
      `vector of ${hiddenSize} numbers (pooling \`${pooling}\`, ${model.normalize ? 'of length 1' : 'not normalised'}) and labels it for ` +
      `${tasks.length === 1 ? 'one task' : `${tasks.length} tasks`}.`,
    '## Use',
    code('python', usePython),
    `\`heads.safetensors\` holds the heads under the names that PyTorch's \`nn.Sequential(Linear, ReLU, Dropout, Linear)\` gives them, ` +
      `\`heads.<task>.0.weight\` and so on. They take the pooled vector before it is normalised.`,
    ...(formats.includes('onnx') ? [code('python', useOnnx)] : []),
    ...(formats.includes('tfjs') ? [code('js', useGraphModel)] : []),
    '## Tasks',
    table(
      ['task', 'classes, in the order of the logits'],
      tasks.map((task) => [text(task.name), task.classes.map(text).join(', ')]),
    ),
    '## What was frozen',
    `${text(freeze.label)}: ${freeze.trainableParameters.toLocaleString('en')} of ${freeze.totalParameters.toLocaleString('en')} ` +
      `parameters were trained (${share.toFixed(1)} %).`,
    code('json', JSON.stringify(freeze.rules)),
    '## Data',
    `${text(dataset.name)}: ${Object.entries(dataset.rows)
      .map(([split, count]) => `${count.toLocaleString('en')} rows of ${split}`)
      .join(', ')}. SHA-256 of the rows: \`${dataset.digest}\`.`,
    '## Training',
    code('json', JSON.stringify(training, null, 2)),
    ...(metrics.length === 0
      ? []
      : [
          '## Results',
          table(
            ['metric', 'value'],
            metrics.map((metric) => [text(metric.name), String(Number(metric.value.toPrecision(6)))]),
          ),
        ]),
    '## Digests',
    'SHA-256 of what went in and of what came out. `frostline.json` holds them too.',
    table(
      ['of', 'SHA-256'],
      Object.entries({ ...digests, 'trained weights': weightsSha256, ...files }).map(([of, digest]) => [
        text(of),
        `\`${digest}\``,
      ]),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

const usePython = `from sentence_transformers import SentenceTransformer

model = SentenceTransformer("path/to/this/folder")
embeddings = model.encode(["New phones have amazing features."])`;

const useOnnx = `import onnxruntime, tokenizers

tokens = tokenizers.Tokenizer.from_file("tokenizer.json").encode("New phones have amazing features.")
session = onnxruntime.InferenceSession("onnx/model_with_heads.onnx")  # onnx/model.onnx is the encoder alone
feeds = {"input_ids": [tokens.ids], "attention_mask": [tokens.attention_mask], "token_type_ids": [tokens.type_ids]}
outputs = session.run(None, {port.name: feeds[port.name] for port in session.get_inputs()})
# ${'last_hidden_state, sentence_embedding, logits_<task>'}`;

const useGraphModel = `const model = await tf.loadGraphModel('path/to/this/folder/tfjs/model.json');
const ids = tf.tensor2d([tokenIds], undefined, 'int32');
const inputs = { input_ids: ids, attention_mask: tf.onesLike(ids), token_type_ids: tf.zerosLike(ids) }; // those of model.inputs
const embedding = model.execute(inputs, 'sentence_embedding');`;

/** What the hub reads: YAML, of which JSON's strings are a part. */
function frontMatter({ id, source }: ResolvedModel): string {
  const tags = ['sentence-transformers', 'feature-extraction', 'text-classification', 'frostline'];
  const isOnHub = source !== 'folder' && source !== 'random';
  return [
    '---',
    'library_name: sentence-transformers',
    'pipeline_tag: sentence-similarity',
    'tags:',
    ...tags.map((tag) => `  - ${tag}`),
    ...(isOnHub ? [`base_model: ${JSON.stringify(id)}`] : []),
    '---',
  ].join('\n');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A block of code; its fence is longer than any run of backticks inside. */
function code(language: string, contents: string): string {
  const longest = Math.max(2, ...[...contents.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${contents}\n${fence}`;
}

/** Words of a user on one line of Markdown, where nothing in them means anything. */
function text(value: string): string {
  return value.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#~&]/g, '\\$&');
}
