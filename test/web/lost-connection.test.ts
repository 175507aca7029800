import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { silentLogger } from '../../server/db/logger.js';
import { notify } from '../../server/db/notifications.js';
import { type RunningServer, startHttpServer } from '../../server/http/httpServer.js';
import { openServices } from '../../server/http/services.js';
import { appendMetrics } from '../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../server/metrics/columns.js';
import { appendLogs } from '../../server/runs/logs.js';
import { launchBrowser } from '../support/browser.js';
import { createTestDatabase } from '../support/database.js';
import { insertRun, insertRunningAttempt } from '../support/factories.js';
import { testConfig } from '../support/server.js';
import { until } from '../support/until.js';

describe('pages whose server goes away and comes back, in Chromium', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let port = 0;
  let url: string;
  let drop: () => Promise<void>;
  let services: Awaited<ReturnType<typeof openServices>>;
  let running: RunningServer | null = null;
  let databaseUrl: string;

  const start = async () => {
    const config = { ...testConfig(folder, { DATABASE_URL: databaseUrl }), port };
    running = await startHttpServer(config, services, silentLogger);
    port = running.port;
    url = `http://127.0.0.1:${port}`;
  };
  const stop = async () => {
    await running?.close();
    running = null;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-lost-'));
    ({ url: databaseUrl, drop } = await createTestDatabase());
    services = await openServices(
      databaseUrl,
      testConfig(folder, { DATABASE_URL: databaseUrl }),
      silentLogger,
    );
    await start();
    browser = await launchBrowser();
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await stop();
    await services?.close();
    await drop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    const shown = await page.locator('body').innerText();
    process.stdout.write(`the page showed:\n${shown}\n`);
  });

  /** Loses the server, does something behind its back, and brings it back. */
  async function whileAway(act: () => Promise<void>): Promise<void> {
    await page.getByRole('status').getByText('Live').waitFor();
    await stop();
    await page.getByRole('status').getByText('Reconnecting').waitFor();
    await act();
    await start();
    await page.getByRole('status').getByText('Live').waitFor({ timeout: 60_000 });
  }

  it('the runs page shows what was launched in the meantime', async () => {
    await insertRun(services.database, { name: 'before', state: 'FINISHED' });
    await page.goto(`${url}/runs`);
    await page.getByRole('link', { name: 'before' }).waitFor();
    await whileAway(async () => {
      await insertRun(services.database, { name: 'meanwhile', state: 'FINISHED' });
    });
    await page.getByRole('link', { name: 'meanwhile' }).waitFor();
    await page.getByText('2 runs', { exact: true }).waitFor();
  });

  it('the overview shows what ended in the meantime', async () => {
    const run = await insertRun(services.database, { name: 'ends', state: 'RUNNING' });
    await page.goto(url);
    const link = (card: string) =>
      page.getByRole('region', { name: card }).getByRole('link', { name: 'ends' });
    await link('Running now').waitFor();
    await whileAway(async () => {
      await services.database.prisma.run.update({
        where: { id: run.id },
        data: { state: 'FINISHED', finishedAt: new Date() },
      });
    });
    await link('Newest results').waitFor();
    assert.equal(await link('Running now').count(), 0);
  });

  it('a tab in the background listens to nothing, and catches up when it comes to the front', async () => {
    const listening = new Set<string>();
    const watched = await browser.newPage();
    watched.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const { type, id } = JSON.parse(String(payload)) as { type: string; id?: string };
        if (type === 'subscribe') listening.add(id!);
        if (type === 'complete') listening.delete(id!);
      });
    });
    const become = (state: 'hidden' | 'visible') =>
      watched.evaluate(`
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
        document.dispatchEvent(new Event('visibilitychange'));
      `);
    const { pool, prisma } = services.database;
    const run = await insertRun(services.database, { name: 'unwatched', state: 'RUNNING' });
    await watched.goto(`${url}/runs`);
    const state = (text: string) => watched.locator(`[data-run="${run.id}"]`).getByText(text);
    await state('Running').waitFor();
    await watched.getByRole('status').getByText('Live').waitFor();
    await until(() => listening.size > 0);
    await become('hidden');
    await until(() => listening.size === 0);
    await prisma.run.update({ where: { id: run.id }, data: { state: 'FINISHED', finishedAt: new Date() } });
    await notify(pool, { type: 'run', runId: run.id, experimentId: null });
    await become('visible');
    await state('Finished').waitFor();
    assert.ok(listening.size > 0);
    await watched.close();
  });

  it('the run page takes in the lines and points that were written in the meantime, each once', async () => {
    const { run, key } = await insertRunningAttempt(services.database, { name: 'goes on', totalSteps: 10 });
    const { pool, prisma } = services.database;
    const line = (sequence: number) =>
      appendLogs(pool, key, [{ sequence, time: new Date(), level: 'info', message: `line ${sequence}` }]);
    const point = (step: number) =>
      appendMetrics(pool, key, [{ name: 'train/loss', points: pointsOf([step], [1 / step], [step]) }]);
    await line(1);
    await point(1);
    await page.goto(`${url}/runs/${run.id}?tab=logs`);
    await page.getByText('line 1', { exact: true }).waitFor();
    await whileAway(async () => {
      await line(2);
      await point(2);
      await prisma.run.update({ where: { id: run.id }, data: { step: 5 } });
    });
    await page.getByText('line 2', { exact: true }).waitFor();
    await line(3);
    await notify(pool, { type: 'log', runId: run.id });
    await page.getByText('line 3', { exact: true }).waitFor();
    await page.getByText('3 lines', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByText('step 5 of 10').waitFor();
    await page.getByRole('button', { name: 'Loss: view as table', exact: true }).click();
    await page
      .getByRole('region', { name: 'Loss as a table', exact: true })
      .getByText('0.5', { exact: true })
      .or(page.getByText('0.5000', { exact: true }))
      .first()
      .waitFor();
  });
});
