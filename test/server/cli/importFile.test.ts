import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../support/cli.js';
import { useFolder } from '../../support/folder.js';
import { useServer } from '../../support/server.js';

describe('frostline import and dataset', () => {
  const server = useServer();
  const folder = useFolder();
  const cli = (...args: string[]) => runCli(args, { env: { FROSTLINE_URL: server.url } });
  const write = (name: string, content: string): string => {
    const path = join(folder.path, name);
    writeFileSync(path, content);
    return path;
  };
  const csv = 'sentence,topic\n"Hello, ""world""",A\nhello,B\nBye,A\n';

  it('stores a file, lists it, gives its bytes back and deletes it', async () => {
    const file = write('letters.csv', csv);
    assert.deepEqual(await cli('import', file), { status: 0, stdout: 'letters@1\n', stderr: '' });
    const again = await cli('import', file);
    assert.deepEqual(
      [again.stdout, again.stderr],
      ['letters@1\n', 'note: these very rows were stored before\n'],
    );
    assert.match((await cli('dataset', 'list')).stdout, /letters@1 +3 +3\/0\/0 +0 +0/);
    const out = join(folder.path, 'out.csv');
    assert.equal((await cli('dataset', 'export', 'letters@1', '--out', out)).status, 0);
    assert.equal(readFileSync(out, 'utf8'), csv);
    const jsonl = await cli('dataset', 'export', 'letters', '--format', 'jsonl');
    assert.equal(
      jsonl.stdout.split('\n')[0],
      '{"sentence":"Hello, \\"world\\"","split":"train","topic":"A"}',
    );
    assert.deepEqual((await cli('dataset', 'delete', 'letters')).stdout, 'letters@1\n');
    const gone = await cli('dataset', 'export', 'letters');
    assert.deepEqual([gone.status, gone.stderr], [2, 'frostline: letters: there is no such dataset\n']);
  });

  it('draws splits, and says when evaluation has rows that are trained on', async () => {
    const rows = Array.from({ length: 20 }, (_, row) => `sentence ${row},${row % 2}\n`).join('');
    const file = write('split.csv', `sentence,topic\n${rows}`);
    const args = ['--name', 'drawn', '--validation', '0.2', '--seed', '1', '--stratify-by', 'topic'];
    assert.equal((await cli('import', file, ...args)).stdout, 'drawn@1\n');
    const { data } = await server.query(
      '{ dataset(name: "drawn") { splits { train validation } splitting { stratifyBy } } }',
    );
    assert.deepEqual(data.dataset, {
      splits: { train: 16, validation: 4 },
      splitting: { stratifyBy: 'topic' },
    });
    const leaky = write('leaky.jsonl', '{"sentence":"a"}\n{"sentence":"A","split":"test"}\n');
    const { stderr } = await cli('import', leaky);
    assert.equal(stderr, 'note: 1 row of validation and test have a sentence that is trained on\n');
  });

  it('tells every bad row by file and line, and what else is wrong in one line', async () => {
    const file = write('bad.csv', 'sentence,topic\nshort\nfine,x\n,y\n');
    const { status, stdout, stderr } = await cli('import', file);
    assert.deepEqual([status, stdout], [2, '']);
    assert.deepEqual(stderr.trim().split('\n'), [
      `${file}: line 2: expected 2 cells, as in the header, got 1`,
      `${file}: line 4: sentence: expected text, got an empty one`,
      `frostline: ${file}: 2 faults; nothing was stored`,
    ]);
    const one = await cli('import', write('one.csv', 'sentence,topic\nshort\n'));
    assert.match(one.stderr, /^frostline: .*one\.csv: line 2: expected 2 cells, as in the header, got 1\n$/);
    const missing = await cli('import', join(folder.path, 'missing.csv'));
    assert.deepEqual([missing.status, /there is no such file/.test(missing.stderr)], [2, true]);
    const format = await cli('import', write('x.xlsx', ''));
    assert.match(format.stderr, /expected a file named \.csv, \.tsv or \.jsonl, got "\.xlsx"/);
    const share = await cli('import', write('share.csv', csv), '--test', 'some');
    assert.match(share.stderr, /splitting\.test: expected a number, got "some"/);
  });
});
