import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDatasetFile, type Dataset, type DatasetRow } from '../../experiments/data/dataset.js';
import { resolveModel } from '../../experiments/models/resolver.js';
import { generateDataset, toCsv } from './generateDataset.js';
import type { BenchOptions } from './options.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const benchFolder = join(root, '.frostline', 'bench');

/** What decides what is worked on. */
export type WorkOptions = Pick<BenchOptions, 'data' | 'model' | 'python' | 'threads' | 'quick'>;

/** Everything that the rows work on, laid out in one folder. */
export interface Workplace {
  threads: number;
  python: string | null;
  quick: boolean;
  /** Folder of the backbone, which both sides read. */
  model: string;
  /** Folder of a backbone of DistilBERT's size without weights: both sides draw their own. */
  randomModel: string;
  data: DataFile;
  /** Short sentences for the notebook's step, training split alone. */
  notebook: DataFile;
  /** Every sentence of the data, one a line. */
  sentences: string;
  /** For people: where the data comes from. */
  description: string;
}

export interface DataFile {
  csv: string;
  tasks: string[];
  train: number;
  rows: number;
}

const fullSizes = { train: 3000, validation: 1000, test: 0 };
const quickSizes = { train: 96, validation: 32, test: 0 };

/** Fetches the model where it is missing, and writes the data files. */
export async function layOutWork(options: WorkOptions): Promise<Workplace> {
  const work = join(benchFolder, 'work');
  mkdirSync(work, { recursive: true });
  const resolved = await resolveModel(options.model, { cacheFolder: join(root, '.frostline', 'cache') });
  const dataset = await chooseData(options, work);
  const data = dataset.file;
  return {
    threads: options.threads,
    python: options.python,
    quick: options.quick,
    model: resolved.folder,
    randomModel: layOutRandomModel(join(work, 'distilbert-random'), resolved.folder),
    data,
    notebook: layOutNotebook(join(work, 'notebook.csv')),
    sentences: dataset.rows.map(({ sentence }) => sentence.replace(/\s+/g, ' ')).join('\n') + '\n',
    description: options.data === null ? 'generated sentences' : basename(options.data),
  };
}

/** A folder for the features of one run, so that it starts from a cold cache; `removeCaches` takes all of them away. */
export function coldCache(): string {
  const folder = join(benchFolder, 'caches');
  mkdirSync(folder, { recursive: true });
  return mkdtempSync(join(folder, 'run-'));
}

export function removeCaches(): void {
  rmSync(join(benchFolder, 'caches'), { recursive: true, force: true });
}

/** Writes a definition into the work folder. */
export function writeDefinition(name: string, definition: object): string {
  const path = join(benchFolder, 'work', `${name}.json`);
  writeFileSync(path, `${JSON.stringify({ name, ...definition }, null, 2)}\n`);
  return path;
}

async function chooseData(
  { data, quick }: WorkOptions,
  work: string,
): Promise<{ file: DataFile; rows: DatasetRow[] }> {
  const given: Pick<Dataset, 'tasks' | 'rows'> =
    data === null
      ? { tasks: ['topic', 'sentiment'], rows: generateDataset(quick ? quickSizes : fullSizes) }
      : await readDatasetFile(resolve(data));
  const rows = quick ? firstOfEachSplit(given.rows) : given.rows;
  const csv = data === null || quick ? join(work, 'data.csv') : resolve(data);
  if (csv !== data) writeFileSync(csv, toCsv(rows, given.tasks));
  return { file: fileOf(csv, given.tasks, rows), rows };
}

function firstOfEachSplit(rows: readonly DatasetRow[]): DatasetRow[] {
  return Object.entries(quickSizes).flatMap(([split, size]) =>
    rows.filter((row) => row.split === split).slice(0, size),
  );
}

function fileOf(csv: string, tasks: string[], rows: readonly DatasetRow[]): DataFile {
  return { csv, tasks, rows: rows.length, train: rows.filter(({ split }) => split === 'train').length };
}

/** 40 sentences of eight words (about ten tokens), each labelled for one task as in the notebook's pairs. */
function layOutNotebook(csv: string): DataFile {
  const tasks = ['topic', 'sentiment'];
  const rows = generateDataset({ train: 40, validation: 0, test: 0 }, 2).map((row): DatasetRow => ({
    ...row,
    sentence: row.sentence.toLowerCase().split(' ').slice(0, 8).join(' '),
  }));
  writeFileSync(csv, toCsv(rows, tasks));
  return fileOf(csv, tasks, rows);
}

/** distilbert-base-uncased's sizes; the tokenizer is the backbone's own, which has the same vocabulary size. */
function layOutRandomModel(folder: string, tokenizerFrom: string): string {
  mkdirSync(folder, { recursive: true });
  const config = {
    architectures: ['DistilBertModel'],
    model_type: 'distilbert',
    activation: 'gelu',
    attention_dropout: 0.1,
    dim: 768,
    dropout: 0.1,
    hidden_dim: 3072,
    initializer_range: 0.02,
    max_position_embeddings: 512,
    n_heads: 12,
    n_layers: 6,
    pad_token_id: 0,
    sinusoidal_pos_embds: false,
    vocab_size: 30522,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'vocab.txt']) {
    const file = join(tokenizerFrom, name);
    if (existsSync(file)) copyFileSync(file, join(folder, name));
  }
  return folder;
}
