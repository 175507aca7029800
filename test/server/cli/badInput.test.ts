import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCli } from '../../support/cli.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder } from '../../support/torchCases.js';

type Json = Record<string, unknown>;

/** Every file below a folder with its contents. */
function snapshot(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), 'base64'),
    ]),
  );
}

describe('frostline train, given bad input', () => {
  const folder = useFolder();

  /** A definition that is right, its dataset, its model and its heads, copied into the test's folder. */
  beforeEach(() => {
    const from = join(fixturesFolder, 'distilbert-full');
    cpSync(from, folder.path, { recursive: true });
    cpSync(join(fixturesFolder, 'models', 'distilbert-tiny'), join(folder.path, 'model'), {
      recursive: true,
    });
    change((definition) => ({ ...definition, model: 'model' }));
  });

  function change(edit: (definition: Json) => Json): void {
    const path = join(folder.path, 'definition.json');
    writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, 'utf8')) as Json)));
  }

  const withTraining = (fields: Json) => (): void =>
    change((definition) => ({ ...definition, training: { ...(definition.training as Json), ...fields } }));
  const withFreeze = (freeze: Json) => (): void => change((definition) => ({ ...definition, freeze }));
  const withCsv = (edit: (lines: string[]) => string[]) => (): void => {
    const path = join(folder.path, 'data.csv');
    writeFileSync(path, edit(readFileSync(path, 'utf8').split('\n')).join('\n'));
  };
  const withBytes = (name: string, edit: (bytes: Buffer) => Buffer) => (): void => {
    const path = join(folder.path, name);
    writeFileSync(path, edit(readFileSync(path)));
  };

  const cases: [string, () => void, RegExp][] = [
    [
      'a definition with an unknown field',
      withTraining({ learningrate: 1 }),
      /definition\.json: training\.learningrate: unknown field, expected one of epochs, batchSize, learningRate/,
    ],
    [
      'a definition that is no JSON',
      withBytes('definition.json', () => Buffer.from('{\n name: "x"\n}')),
      /definition\.json: expected a definition in JSON/,
    ],
    [
      'a definition that is missing',
      () => rmSync(join(folder.path, 'definition.json')),
      /definition\.json: expected a definition, a JSON file, there is no such file/,
    ],
    [
      'a task without a column',
      () => change((definition) => ({ ...definition, tasks: [{ name: 'mood' }] })),
      /definition\.json: tasks\.0\.name: expected a column "mood" in the dataset, which has the columns topic, sentiment/,
    ],
    [
      'a label outside its classes',
      withCsv((lines) => [...lines.slice(0, 1), 'A new one.,Weather,Positive,train', ...lines.slice(1)]),
      /data\.csv: line 2: topic: expected one of the classes Technology, Science, Other, got "Weather"/,
    ],
    [
      'a freeze rule that matches nothing',
      withFreeze({ parameters: ['backbone.encoder.*'] }),
      /definition\.json: freeze\.parameters\.0: expected a pattern that matches a parameter, got "backbone\.encoder\.\*"; there are backbone\.embeddings\.\*, backbone\.transformer\.layer\.0\.\* to .*, heads\.topic\.\*/,
    ],
    [
      'a frozen head that no task has',
      withFreeze({ heads: ['mood'] }),
      /definition\.json: freeze\.heads\.0: expected one of the tasks topic, sentiment, got "mood"/,
    ],
    [
      "blocks beyond the model's",
      withFreeze({ embeddings: true, blocks: 99 }),
      /definition\.json: freeze\.blocks: expected at most \d+, the number of blocks the model has, got 99/,
    ],
    [
      'a learning rate that is not positive',
      withTraining({ learningRate: 0 }),
      /definition\.json: training\.learningRate: expected a number greater than 0, got 0/,
    ],
    [
      'a length beyond the positions of the model',
      withTraining({ maxLength: 4096 }),
      /definition\.json: training\.maxLength: expected at most \d+, the positions the model has, got 4096/,
    ],
    [
      'a dataset that is missing',
      () => rmSync(join(folder.path, 'data.csv')),
      /data\.csv: dataset: expected a CSV or JSONL file, there is no such file/,
    ],
    [
      'a model that is missing',
      () => rmSync(join(folder.path, 'model'), { recursive: true }),
      /definition\.json: model: expected a folder with config\.json, .* tried the folder .*model \(does not exist\)/,
    ],
    [
      'initial weights that are missing',
      () => rmSync(join(folder.path, 'heads.safetensors')),
      /heads\.safetensors: initialWeights: expected a safetensors file, there is no such file/,
    ],
    [
      'a CSV without the column of sentences',
      withCsv((lines) => [lines[0].replace('sentence', 'text'), ...lines.slice(1)]),
      /data\.csv: line 1: expected a column "sentence", got "text", "topic"/,
    ],
    [
      'a CSV with a broken row',
      withCsv((lines) => [...lines.slice(0, 3), 'only,two', ...lines.slice(3)]),
      /data\.csv: line 4: expected \d cells, as in the header, got 2/,
    ],
    [
      'a CSV with a quote that stays open',
      withCsv((lines) => [...lines.slice(0, 3), '"never closed,Other,Positive', ...lines.slice(3)]),
      /data\.csv: line 4: expected a closing quote at the end of a quoted cell/,
    ],
    [
      'weights that are truncated',
      withBytes('model/model.safetensors', (bytes) => bytes.subarray(0, bytes.length - 100)),
      /model\.safetensors: truncated: expected \d+ bytes, as its header says, got \d+/,
    ],
    [
      'weights of another shape',
      withBytes('model/config.json', (bytes) =>
        Buffer.from(JSON.stringify({ ...(JSON.parse(bytes.toString()) as Json), hidden_dim: 52 })),
      ),
      /model\.safetensors: transformer\.layer\.0\.ffn\.lin1\.weight: expected shape \[52, \d+\], got \[\d+, \d+\]/,
    ],
    [
      'initial weights of another shape',
      () =>
        change((definition) => ({
          ...definition,
          tasks: (definition.tasks as Json[]).map((task) => ({ ...task, hidden: 7 })),
        })),
      /heads\.safetensors: heads\.\w+\.\d\.\w+: expected shape \[7.*\], got \[/,
    ],
    [
      'a tokenizer that is missing',
      () => rmSync(join(folder.path, 'model', 'tokenizer.json')),
      /tokenizer\.json: expected the model's tokenizer in the model's folder, there is no such file/,
    ],
    [
      'a folder to write to that holds another model',
      () => {
        mkdirSync(join(folder.path, 'out'));
        writeFileSync(join(folder.path, 'out', 'config.json'), '{}');
      },
      /out: expected an empty folder or one that an earlier run wrote, it holds a config\.json/,
    ],
  ];
  for (const [what, spoil, message] of cases) {
    it(`tells of ${what} in one line, exits with 2 and writes nothing`, async () => {
      spoil();
      const before = snapshot(folder.path);
      const args = [
        'train',
        join(folder.path, 'definition.json'),
        '--json',
        '--out',
        join(folder.path, 'out'),
      ];
      const { status, stdout, stderr } = await runCli(args);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.deepEqual(snapshot(folder.path), before);
    });
  }
});

describe('frostline, called wrongly', () => {
  const folder = useFolder();
  const cases: [string, string[], RegExp][] = [
    ['no definition', ['train'], /^frostline: missing required argument 'definition'\n$/],
    ['an unknown option', ['train', 'x.json', '--epochs', '2'], /^frostline: unknown option '--epochs'\n$/],
    ['an unknown command', ['trian'], /^frostline: unknown command 'trian'.*\n$/],
    [
      'an unknown device',
      ['train', 'x.json', '--device', 'tpu'],
      /^frostline: --device: expected one of auto, cpu/,
    ],
    [
      'a setting that is none',
      ['train', 'experiments/definitions/full.json', '--set', 'epochs'],
      /--set: expected path=value/,
    ],
    [
      '--resume and --overwrite',
      ['train', 'x.json', '--resume', '--overwrite', '--out', 'x'],
      /^frostline: --resume: expected no --overwrite beside it/,
    ],
    ['--resume alone', ['train', 'x.json', '--resume'], /^frostline: --resume: expected --out beside it/],
    [
      'a length that is no number',
      ['embed', '--model', 'x', '--max-length', 'long'],
      /^frostline: --max-length: expected/,
    ],
    ['no model', ['embed'], /^frostline: required option '--model <model>' not specified\n$/],
    [
      'a folder that train did not write',
      ['predict', '--model', '.'],
      /frostline\.json: expected a folder that/,
    ],
  ];
  for (const [what, args, message] of cases) {
    it(`tells of ${what} in one line and exits with 2`, async () => {
      const { status, stdout, stderr } = await runCli(args);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.deepEqual([status, stdout], [2, '']);
    });
  }

  it('shows a stack trace only where FROSTLINE_DEBUG asks for one', async () => {
    const { stderr } = await runCli(['train', join(folder.path, 'none.json')], {
      env: { FROSTLINE_DEBUG: '1' },
    });
    assert.match(stderr, /\n\s+at /);
  });
});
