import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import yauzl from 'yauzl';
import { buffer } from 'node:stream/consumers';
import { SentenceTokenizer } from '../../../experiments/data/tokenizer.js';
import { readExport } from '../../../experiments/models/readExport.js';
import { blobKey } from '../../../server/blobs/digests.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { runCli } from '../../support/cli.js';
import { assertClose } from '../../support/closeness.js';
import { padIds, runGraphModelFile, runOnnx } from '../../support/exportedModels.js';
import { insertRun, sampleDataset, sampleDefinition, sampleRows } from '../../support/factories.js';
import { useFolder } from '../../support/folder.js';
import { finishedRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { startWorker } from '../../support/workerProcess.js';

/** What the design grants between two ways to compute the same. */
const tolerance = 1e-5;

describe('exporting a run from the server', () => {
  const server = useServer();
  const folder = useFolder();
  let run: string;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    await startWorker(server.config, server.database);
    const freeze = { embeddings: true, blocks: 1 };
    run = await finishedRun(server, 'lower_frozen', sampleDefinition({ freeze }));
  });

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

  /** What README.md has to tell. */
  const checkCard = async (card: string): Promise<void> => {
    const { definitionDigest, weightsSha256, dataset } = await server.database.prisma.run.findUniqueOrThrow({
      where: { id: run },
      include: { dataset: true },
    });
    for (const part of [
      /^---\nlibrary_name: sentence-transformers\n/,
      /^# lower\\_frozen$/m,
      /embeddings \+ 1 of 2 blocks frozen/,
      /\| topic \| Other, Science, Technology \|/,
      /sample@1: 6 rows of train\./,
      /\| epoch\/topic\/accuracy \| [\d.]+ \|/,
      /\| onnx\/model\.onnx \| `[0-9a-f]{64}` \|/,
    ])
      assert.match(card, part);
    for (const digest of [definitionDigest, weightsSha256!, dataset!.digest])
      assert.ok(card.includes(digest));
  };

  it('sends an archive that opens everywhere and computes what the server computes, to two at a time', async () => {
    const responses = await Promise.all([fetchExport(run), fetchExport(run), fetchExport(run)]);
    const refused = responses.find(({ status }) => status === 429);
    assert.ok(Number(refused?.headers.get('retry-after')) > 0);
    const [response, other] = responses.filter(({ status }) => status === 200);
    assert.equal(response!.headers.get('content-type'), 'application/zip');
    const name = `lower-frozen-${run.slice(0, 8)}`;
    assert.equal(response!.headers.get('content-disposition'), `attachment; filename="${name}.zip"`);
    const archive = Buffer.from(await response!.arrayBuffer());
    assert.ok(archive.equals(Buffer.from(await other!.arrayBuffer())), 'the same run gives the same bytes');
    const names = await unpack(archive, folder.path);
    assert.ok(names.every((path) => path.startsWith(`${name}/`)));
    assert.equal(names.at(-1), `${name}/frostline.json`);
    await checkCard(readFileSync(join(folder.path, 'README.md'), 'utf8'));

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

  it('is written into a folder by `frostline export`, by name; and from that folder into other formats', async () => {
    const env = { FROSTLINE_URL: server.url };
    await server.query(
      'mutation ($input: RegisterModelInput!) { registerModel(input: $input) { model { id } } }',
      { input: { name: 'news', runId: run, alias: 'production' } },
    );
    const out = join(folder.path, 'out');
    const byName = await runCli(['export', 'news@production', out, '--formats', 'none'], { env });
    assert.deepEqual([byName.status, byName.stdout], [0, `${out}\n`], byName.stderr);
    const { weightsSha256 } = await server.database.prisma.run.findUniqueOrThrow({ where: { id: run } });
    assert.equal(readExport(out).weightsSha256, weightsSha256);
    assert.ok(!existsSync(join(out, 'onnx')));

    const local = join(folder.path, 'local');
    const fromFolder = await runCli(['export', out, local, '--formats', 'onnx'], { env });
    assert.deepEqual([fromFolder.status, fromFolder.stdout], [0, `${local}\n`], fromFolder.stderr);
    const { files: _before, ...kept } = readExport(out).record;
    const { files, ...record } = readExport(local).record;
    assert.deepEqual(record, kept);
    assert.ok('onnx/model_with_heads.onnx' in files);
    assert.ok(existsSync(join(local, 'README.md')));

    const unknown = await runCli(['export', 'olds', join(folder.path, 'no')], { env });
    assert.deepEqual(
      [unknown.status, unknown.stderr],
      [
        2,
        'frostline: run: expected a folder that train --out wrote, the id of a run, or a registered model such as news@production, got "olds"\n',
      ],
    );
    assert.ok(!existsSync(join(folder.path, 'no')));
  });

  it('names a damaged blob, to the client and in the log', async () => {
    const { sha256 } = await server.database.prisma.checkpoint.findFirstOrThrow({
      where: { runId: run, kind: 'final' },
    });
    const path = join(server.config.dataFolder, 'blobs', blobKey(sha256));
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    const response = await fetchExport(run);
    const message = new RegExp(`blob ${sha256} has changed`);
    assert.match(await response.text(), message);
    assert.ok(server.logged.some((line) => line.includes('"level":"error"') && message.test(line)));
  });
});
