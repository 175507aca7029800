import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  getNamedType,
  graphql,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { type Database, inTransaction, openDatabase } from '../../../server/db/database.js';
import { silentLogger } from '../../../server/db/logger.js';
import { createContext } from '../../../server/graphql/context.js';
import { buildFrostlineSchema } from '../../../server/graphql/schema.js';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { writeCheckpoint } from '../../../server/runs/checkpoints.js';
import { createFreezeConfig } from '../../../server/runs/freezeConfigs.js';
import { appendLogs } from '../../../server/runs/logs.js';
import { registerWorker } from '../../../server/runs/workers.js';
import { addTask } from '../../../server/runs/workerTasks.js';
import { insertRunningAttempt, sampleRows } from '../../support/factories.js';
import { useServer } from '../../support/server.js';
import { countStatements } from '../../support/statements.js';

/** All that can be selected of a type without arguments, each type once on the way down. */
function selectionOf(type: GraphQLNamedType, above: readonly string[] = []): string {
  if (isLeafType(type)) return '';
  if (!isObjectType(type) || above.includes(type.name)) return 'never';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const selection = selectionOf(getNamedType(field.type), [...above, type.name]);
    return selection === 'never' ? [] : [`${field.name} ${selection}`];
  });
  return fields.length === 0 ? 'never' : `{ ${fields.join(' ')} }`;
}

describe('statements of a query', () => {
  const server = useServer();
  let schema: GraphQLSchema;
  /** Connections that nothing in the background uses. */
  let quiet: Database;
  const runIds: string[] = [];
  before(async () => {
    schema = await buildFrostlineSchema();
    quiet = openDatabase(server.database.url, { log: silentLogger });
  });
  after(() => quiet?.close());

  /** One more of everything, all of it related. */
  const add = async (): Promise<void> => {
    const { database, services } = server;
    const { pool, prisma } = database;
    const name = `number ${runIds.length}`;
    const rows = sampleRows.map((row, index) => ({
      ...row,
      sentence: `${row.sentence} ${runIds.length} ${index}`,
    }));
    const { dataset } = await createDataset(database, name, makeDataset(rows, ['topic', 'sentiment']));
    const freezeConfig = await createFreezeConfig(database, { name, rules: { preset: 'full' } });
    const experiment = await prisma.experiment.create({
      data: {
        id: randomUUID(),
        name,
        definition: {},
        definitionDigest: '',
        freezeConfigs: { create: [{ position: 0, freezeConfigId: freezeConfig.id }] },
      },
    });
    const worker = await registerWorker(database, { name, device: null, concurrency: 1 });
    const { run, key } = await insertRunningAttempt(database, {
      experimentId: experiment.id,
      datasetId: dataset.id,
      freezeConfigId: freezeConfig.id,
    });
    await prisma.attempt.updateMany({ where: { runId: run.id }, data: { workerId: worker.id } });
    for (const step of [1, 2, 1])
      await appendMetrics(pool, key, [{ name: 'loss', points: pointsOf([step], [step], [step]) }]);
    await appendLogs(pool, key, [{ sequence: 1, time: new Date(), level: 'info', message: 'here' }]);
    const blob = await services.blobs.put(Buffer.from(name));
    await inTransaction(pool, async (client) => {
      await writeCheckpoint(client, key, { step: 1, epoch: 1, kind: 'final', blob });
      await addTask(client, { kind: 'verification', runId: run.id });
    });
    if (runIds[0] !== undefined) {
      await prisma.runFork.create({
        data: { runId: run.id, parentId: runIds[0], step: 1, kind: 'final', sha256: blob.sha256 },
      });
    }
    runIds.push(run.id);
  };

  const count = (source: string, variables: Record<string, unknown>): Promise<number> =>
    countStatements(quiet.pool, async () => {
      const contextValue = createContext(
        { ...server.services, database: quiet },
        { name: 'test', role: 'ADMIN', tokenId: null },
      );
      const { errors } = await graphql({ schema, source, variableValues: variables, contextValue });
      assert.equal(errors, undefined, JSON.stringify(errors));
    });

  /** Every query that gives a list, with everything in it. */
  const queries = (): { name: string; source: string }[] => {
    const withArguments: Record<string, string> = {
      compareRuns: '(ids: $ids)',
      metricHistory: '(runIds: $ids, names: ["loss"])',
    };
    const isOpen = (field: GraphQLField<unknown, unknown>): boolean =>
      field.name in withArguments || !field.args.some(isRequiredArgument);
    return Object.values(schema.getQueryType()!.getFields())
      .filter(isOpen)
      .map((field) => {
        const given = withArguments[field.name] ?? '';
        const head = given === '' ? 'query' : 'query ($ids: [ID!]!)';
        return {
          name: field.name,
          source: `${head} { ${field.name}${given} ${selectionOf(getNamedType(field.type))} }`,
        };
      });
  };

  it('do not grow in number with what is found, for any list of the API and everything below it', async () => {
    for (let index = 0; index < 2; index += 1) await add();
    const measure = async (): Promise<Record<string, number>> => {
      const counts: Record<string, number> = {};
      for (const { name, source } of queries()) counts[name] = await count(source, { ids: runIds });
      return counts;
    };
    await measure();
    const few = await measure();
    for (const name of ['runs', 'experiments', 'datasets', 'freezeConfigs', 'workers', 'compareRuns'])
      assert.ok(few[name]! > 0, `${name} is measured`);
    assert.ok(few.runs! >= 12, 'everything below a run is asked for');
    for (let index = 0; index < 6; index += 1) await add();
    // What is asked for on two levels may fall into one statement or two, by which answer comes first; six more rows may cost none.
    for (const [name, many] of Object.entries(await measure()))
      assert.ok(many < few[name]! + 3, `${name}: ${few[name]} statements for two, ${many} for eight`);
  });
});
