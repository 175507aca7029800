import { once } from 'node:events';
import { rm, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Counts, RunSummaries } from '../../client/index.js';
import { FrostlineError } from '../../experiments/errors.js';
import { type Config, productVersion, readConfig } from '../config.js';
import { startEmbeddedPostgres } from '../db/embeddedPostgres.js';
import { migrateDatabase } from '../db/migrate.js';
import { startHttpServer } from '../http/httpServer.js';
import { openServices } from '../http/services.js';
import { watchWorkers } from '../runs/watchWorkers.js';
import { startTracing } from '../telemetry/tracing.js';
import { type ModelStore } from '../models/modelStore.js';
import { type Client, connect, type ServerAddress, serverRecordPath } from './client/client.js';
import { comparisonTable } from './client/comparisonTable.js';
import { watchRuns } from './client/watchRuns.js';
import { modelSources } from './modelSources.js';
import { describeError } from './reportError.js';
import { Lifecycle } from './start/lifecycle.js';
import { isEmpty, launchSample, readSample, storeSampleData } from './start/sample.js';
import { startOutput } from './start/startOutput.js';
import { startWorkerProcess } from './start/workerProcess.js';

export interface StartOptions {
  /** Whether a worker is started beside the server. */
  worker: boolean;
}

/** `frostline start`: database, API, dashboard and a worker; and, when the database is empty, the sample experiment. */
export async function start(options: StartOptions): Promise<void> {
  const config = readConfig();
  const { report, log, progress } = startOutput(config);
  const lifecycle = new Lifecycle(report);
  try {
    await checkPort(config);
    report(`Frostline ${productVersion(config)}`);
    const tracing = await startTracing({ ...config, version: productVersion(config) }, 'frostline-server');
    await lifecycle.defer('traces', () => tracing.close());
    const databaseUrl = await openDatabase(config, lifecycle, report);
    const services = await openServices(databaseUrl, config, log);
    await lifecycle.defer('the services', () => services.close());
    const watch = watchWorkers(services.database, log);
    await lifecycle.defer('watching workers', () => Promise.resolve(watch.stop()));
    const server = await startHttpServer(config, services, log);
    await lifecycle.defer('the HTTP server', () => server.close());
    const address = { url: server.url, token: services.tokens.issueProcessSecret() };
    await writeServerRecord(config, address);
    await lifecycle.defer('its record', () => rm(serverRecordPath(config), { force: true }));
    if (options.worker) await startWorker(config, databaseUrl, lifecycle, report);
    report(`dashboard ${server.url}  API ${server.url}/graphql  GraphiQL ${server.url}/graphiql`);

    const client = connect(address);
    const runs = options.worker ? await runsToShow(client, config, services.models, report) : [];
    if (runs.length > 0) {
      const ended = await watchRuns(client, runs, progress, lifecycle.signal);
      if (lifecycle.signal.aborted) return;
      process.stdout.write(`\n${comparisonTable(ended)}\n\n`);
      for (const { name, error } of ended) if (error) report(`${name}: ${error.message}`);
      report(`compare them at ${server.url}/compare?runs=${runs.join(',')}`);
    }
    report(`serving at ${server.url}; Ctrl-C stops it`);
  } catch (error) {
    // What fails because everything is being closed is no news; the signal's handler ends the process.
    if (lifecycle.signal.aborted) return;
    await lifecycle.stop();
    throw error;
  }
}

async function openDatabase(
  config: Config,
  lifecycle: Lifecycle,
  report: (line: string) => void,
): Promise<string> {
  await mkdir(config.dataFolder, { recursive: true });
  let url = config.databaseUrl;
  if (url === null) {
    const postgres = await startEmbeddedPostgres({ folder: config.dataFolder });
    lifecycle.child(() => postgres.kill());
    await lifecycle.defer('Postgres', () => postgres.stop());
    void postgres.ended.then(async () => {
      if (lifecycle.signal.aborted) return;
      report(`Postgres has ended, see ${join(config.dataFolder, 'postgres.log')}`);
      await lifecycle.stop();
      process.exit(1);
    });
    url = postgres.url;
    report(`database ${join(config.dataFolder, 'postgres')} on port ${postgres.port}`);
  }
  await migrateDatabase(url, config);
  return url;
}

async function startWorker(
  config: Config,
  databaseUrl: string,
  lifecycle: Lifecycle,
  report: (line: string) => void,
): Promise<void> {
  const worker = startWorkerProcess({
    env: { ...config.environment, DATABASE_URL: databaseUrl },
    logFile: join(config.dataFolder, 'worker.log'),
    report,
  });
  lifecycle.child(() => worker.kill());
  await lifecycle.defer('the worker', () => worker.stop());
}

/** For the other commands on this data folder, and for nobody who may not read it. */
async function writeServerRecord(config: Config, address: ServerAddress): Promise<void> {
  const path = serverRecordPath(config);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify({ ...address, pid: process.pid }), { mode: 0o600, flag: 'wx' });
}

/** Told before anything is started; the server binds the port itself later. */
async function checkPort({ host, port }: Config): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    probe.close();
    await once(probe, 'close');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'something else uses it; set PORT to another one' : code;
    throw new FrostlineError('UNAVAILABLE', `port ${port} of ${host} cannot be had: ${why}`, { cause });
  }
}

/** The sample's runs on an empty database, else those that an earlier start left unfinished. */
async function runsToShow(
  client: Client,
  config: Config,
  models: ModelStore,
  report: (line: string) => void,
): Promise<string[]> {
  const sample = await readSample(config);
  if (await isEmpty(client)) await storeSampleData(client, sample.data);
  const { experiments } = await client(Counts, {});
  const { runs } = await client(RunSummaries, {
    first: 20,
    where: { state: ['QUEUED', 'STARTING', 'RUNNING'] },
  });
  if (experiments.totalCount > 0) return runs.edges.map(({ node }) => node.id).reverse();
  try {
    report(`the sample experiment runs on ${sample.model}`);
    const { onProgress, onNotice } = modelSources(config);
    await models.resolve(sample.model, { onProgress, onNotice });
    return await launchSample(client, sample.definition);
  } catch (error) {
    report(`the sample experiment cannot run: ${describeError(error)}`);
    return [];
  }
}
