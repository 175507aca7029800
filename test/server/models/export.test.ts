import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import yauzl from 'yauzl';
import { buffer } from 'node:stream/consumers';
import { SentenceTokenizer } from '../../../experiments/data/tokenizer.js';
import { readExport } from '../../../experiments/models/readExport.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { runCli } from '../../support/cli.js';
import { assertClose } from '../../support/closeness.js';
import { padIds, runGraphModelFile, runOnnx } from '../../support/exportedModels.js';
import { insertRun, sampleDataset, sampleDefinition, sampleRows } from '../../support/factories.js';
import { useFolder } from '../../support/folder.js';
import { finishedRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { startWorker, type WorkerProcess } from '../../support/workerProcess.js';

/** What the design grants between two ways to compute the same. */
const tolerance = 1e-5;

describe('exporting a run from the server', () => {
  const server = useServer();
  const folder = useFolder();
  let worker: WorkerProcess;
  let run: string;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    worker = await startWorker(server.config, server.database);
    const freeze = { embeddings: true, blocks: 1 };
    run = await finishedRun(server, 'lower_frozen', sampleDefinition({ freeze }));
  });
  after(() => worker?.kill('SIGKILL'));

  const fetchExport = (id: string, query = '') => fetch(`${server.url}/runs/${id}/export${query}`);

  /** Unpacks an archive into a folder and returns the names in it. */
  const unpack = async (archive: Buffer, into: string): Promise<string[]> => {
    const zip = await yauzl.fromBufferPromise(archive);
    const names: string[] = [];
    for await (const entry of zip.eachEntry()) {
      names.push(entry.fileName);
      const target = join(into, entry.fileName.slice(entry.fileName.indexOf('/') + 1));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, await buffer(await zip.openReadStreamPromise(entry)));
    }
    return names;
  };

  it('sends an archive that opens everywhere and computes what the server computes', async () => {
    const response = await fetchExport(run);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/zip');
    const name = `lower-frozen-${run.slice(0, 8)}`;
    assert.equal(response.headers.get('content-disposition'), `attachment; filename="${name}.zip"`);
    const names = await unpack(Buffer.from(await response.arrayBuffer()), folder.path);
    assert.ok(names.every((path) => path.startsWith(`${name}/`)));
    assert.equal(names.at(-1), `${name}/frostline.json`);

    const exported = readExport(folder.path);
    const stored = await server.database.prisma.run.findUniqueOrThrow({ where: { id: run } });
    assert.equal(exported.weightsSha256, stored.weightsSha256);
    const sentences = sampleRows.map(({ sentence }) => sentence);
    const { data } = await server.query<{ embed: { embeddings: number[][] } }>(
      'query ($input: EmbedInput!) { embed(input: $input) { embeddings } }',
      { input: { run, sentences } },
    );
    const { ids, offsets } = SentenceTokenizer.fromFiles(exported.model).encode(
      sentences,
      exported.maxLength,
    );
    const tokenIds = sentences.map((_, row) => [...ids.subarray(offsets[row], offsets[row + 1])]);
    const expected = data.embed.embeddings.flat();
    const feeds = padIds(tokenIds, 0);
    for (const outputs of [
      await runOnnx(join(folder.path, 'onnx/model.onnx'), feeds),
      await runOnnx(join(folder.path, 'onnx/model_with_heads.onnx'), feeds),
      await runGraphModelFile(join(folder.path, 'tfjs/model.json'), feeds),
    ])
      assertClose(outputs.sentence_embedding.data, expected, tolerance, 'embeddings');
  });

  it('tells in README.md what was frozen, on which data, and with which digests', async () => {
    await unpack(Buffer.from(await (await fetchExport(run, '?formats=')).arrayBuffer()), folder.path);
    assert.ok(!existsSync(join(folder.path, 'onnx')));
    const card = readFileSync(join(folder.path, 'README.md'), 'utf8');
    const { definitionDigest, weightsSha256, datasetId } = await server.database.prisma.run.findUniqueOrThrow(
      {
        where: { id: run },
      },
    );
    const dataset = await server.database.prisma.dataset.findUniqueOrThrow({ where: { id: datasetId! } });
    for (const part of [
      /^---\nlibrary_name: sentence-transformers\n/,
      /^# lower\\_frozen$/m,
      /embeddings \+ 1 of 2 blocks frozen/,
      /\| topic \| Other, Science, Technology \|/,
      /sample@1: 6 rows of train\./,
      /\| epoch\/topic\/accuracy \| [\d.]+ \|/,
    ])
      assert.match(card, part);
    for (const digest of [definitionDigest, weightsSha256!, dataset.digest]) assert.ok(card.includes(digest));
  });

  it('refuses what cannot be exported, with the status of the error', async () => {
    const running = await insertRun(server.database);
    const cases: [string, string, number, string][] = [
      [run, '?formats=gguf', 400, 'BAD_USER_INPUT'],
      [running.id, '', 409, 'CONFLICT'],
      ['00000000-0000-0000-0000-000000000000', '', 404, 'NOT_FOUND'],
      ['nonsense', '', 404, 'NOT_FOUND'],
    ];
    for (const [id, query, status, code] of cases) {
      const response = await fetchExport(id, query);
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      assert.deepEqual([response.status, errors[0]!.extensions.code], [status, code]);
    }
  });

  it('is written into a folder by `frostline export`, by run or by name', async () => {
    const env = { FROSTLINE_URL: server.url };
    const out = join(folder.path, 'out');
    const byRun = await runCli(['export', run, out, '--formats', 'onnx'], { env });
    assert.deepEqual([byRun.status, byRun.stdout], [0, `${out}\n`], byRun.stderr);
    assert.ok(existsSync(join(out, 'onnx/model.onnx')) && !existsSync(join(out, 'tfjs')));
    const predicted = await runCli(['predict', '--model', out], { env, input: 'A sentence.\n' });
    assert.deepEqual(Object.keys(JSON.parse(predicted.stdout) as object), ['topic', 'sentiment']);

    await server.query(
      'mutation ($input: RegisterModelInput!) { registerModel(input: $input) { model { id } } }',
      {
        input: { name: 'news', runId: run, alias: 'production' },
      },
    );
    const byName = await runCli(['export', 'news@production', out, '--formats', 'none'], { env });
    assert.equal(byName.status, 0, byName.stderr);
    assert.equal(
      readExport(out).weightsSha256,
      (await server.database.prisma.run.findUniqueOrThrow({ where: { id: run } })).weightsSha256,
    );

    const unknown = await runCli(['export', 'olds', join(folder.path, 'no')], { env });
    assert.deepEqual(
      [unknown.status, unknown.stderr],
      [
        2,
        'frostline: run: expected the id of a run or a registered model, such as news@production, got "olds"\n',
      ],
    );
    assert.ok(!existsSync(join(folder.path, 'no')));
  });
});
