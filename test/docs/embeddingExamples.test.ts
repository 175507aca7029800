import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { useServer } from '../support/server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs', 'embeddings.md'), 'utf8');
const run = promisify(execFile);

describe('the examples of docs/embeddings.md', () => {
  const server = useServer();

  /** The first example in a language, asking this server for a model that it has. */
  function exampleIn(language: string): string {
    const [, code] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
    assert.ok(code !== undefined, `there is one in ${language}`);
    return code
      .replaceAll('http://127.0.0.1:4000', server.url)
      .replaceAll('sentence-transformers/all-MiniLM-L6-v2', 'bert-tiny');
  }
  const lines = (code: string): number => code.trimEnd().split('\n').length;

  it('ask from TypeScript', async () => {
    const code = exampleIn('ts');
    assert.equal(lines(code), 5);
    // In the repository, where the packages are found.
    const file = join(root, 'test', 'docs', `.example-${process.pid}.ts`);
    writeFileSync(file, code);
    try {
      const loader = ['--no-warnings', '--import', '@swc-node/register/esm-register'];
      const { stdout } = await run(process.execPath, [...loader, file], { cwd: root });
      assert.equal(stdout, '2 32\n');
    } finally {
      rmSync(file);
    }
  });

  it('ask from Python', async () => {
    const code = exampleIn('python');
    assert.equal(lines(code), 5);
    const { stdout } = await run('python3', ['-c', code]);
    assert.equal(stdout, '2 32\n');
  });

  it('ask with curl', async () => {
    const code = exampleIn('sh');
    assert.equal(lines(code), 5);
    const { stdout } = await run('sh', ['-c', code]);
    const { data } = JSON.parse(stdout) as { data: { embedding: number[] }[] };
    assert.deepEqual(
      data.map(({ embedding }) => embedding.length),
      [32, 32],
    );
  });

  it('ask through GraphQL', async () => {
    const { data, errors } = await server.query<{
      embed: { base64: string[]; model: { precision: string } };
    }>(exampleIn('graphql'));
    assert.equal(errors, undefined);
    assert.equal(Buffer.from(data.embed.base64[0]!, 'base64').length, 4 * 32);
    assert.equal(data.embed.model.precision, 'int8');
  });
});
