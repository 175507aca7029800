import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, type TestPage } from '../support/browser.js';
import { sampleRowInputs } from '../support/factories.js';
import { useServer } from '../support/server.js';
import { until } from '../support/until.js';

/** What the browser reports as blocked, collected by a script that runs before those of the page. */
const WATCH = `
  window.blocked = [];
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample, sourceFile }) =>
    window.blocked.push([violatedDirective, blockedURI, sample, sourceFile].join(' ')));
`;

describe('the content policy of the dashboard, in Chromium', () => {
  let browser: Browser;
  let visitor: TestPage;
  let page: Page;
  let runId = '';

  after(async () => {
    await browser?.close();
  });
  const server = useServer({}, { dashboard: true });

  const blocked = () => page.evaluate('window.blocked') as Promise<string[]>;
  const settled = async (): Promise<void> => {
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await page.locator('[role="status"][aria-label^="Loading"]').first().waitFor({ state: 'detached' });
  };

  before(async () => {
    await server.query('mutation($input: CreateDatasetInput!) { createDataset(input: $input) { created } }', {
      input: { name: 'sample', rows: sampleRowInputs },
    });
    const { data } = await server.query<{ startExternalRun: { run: { id: string } } }>(
      'mutation($input: StartExternalRunInput!) { startExternalRun(input: $input) { run { id } } }',
      { input: { name: 'logged', experiment: 'elsewhere' } },
    );
    runId = data.startExternalRun.run.id;
    const steps = Array.from({ length: 50 }, (_, step) => step);
    const series = ['train/loss', 'validation/topic/accuracy'].map((name) => ({
      name,
      steps,
      values: steps.map((step) => 1 / (step + 1)),
    }));
    await server.query('mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }', {
      input: { runId, key: 'points', series },
    });
    browser = await launchBrowser();
    visitor = await openPage(browser, server.url);
    page = visitor.page;
    await page.addInitScript(WATCH);
  });

  it('blocks nothing on any page that the build has, nor on one that it has not', async () => {
    const manifest = JSON.parse(
      readFileSync(join(server.config.webFolder, '.next', 'app-path-routes-manifest.json'), 'utf8'),
    ) as Record<string, string>;
    const routes = Object.entries(manifest)
      .filter(([file, route]) => file.endsWith('/page') && !route.startsWith('/_'))
      .map(([, route]) => route);
    assert.ok(routes.includes('/graphiql') && routes.includes('/runs/[id]'), routes.join(' '));
    const parameters: Record<string, string> = { '[id]': runId, '[name]': 'sample' };
    const paths = routes.map((route) => route.replace(/\[[^\]]+\]/g, (name) => parameters[name] ?? 'some'));
    for (const path of [...paths, `/compare?runs=${runId}`, '/no/such/page']) {
      const response = await page.goto(server.url + path);
      const policy = response!.headers()['content-security-policy']!;
      assert.match(policy, /script-src 'self' 'nonce-/, path);
      assert.doesNotMatch(
        policy.split(';').find((part) => part.includes('script-src'))!,
        /unsafe/,
      );
      // A server without tokens asks nobody to sign in, and goes on to the overview.
      if (path === '/sign-in') await page.waitForURL(`${server.url}/`);
      await settled();
      assert.deepEqual([path, await blocked()], [path, []]);
    }
    const complaints = visitor.complaints.filter((text) => !text.includes('404'));
    assert.deepEqual(complaints, []);
  });

  it('lets charts be drawn and pages be changed without loading', async () => {
    await page.goto(`${server.url}/runs/${runId}`);
    await page.locator('canvas').first().waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Datasets' }).click();
    await page.waitForURL(/\/datasets$/);
    await settled();
    assert.deepEqual(await blocked(), []);
  });

  it('lets GraphiQL check and answer a query', async () => {
    await page.goto(`${server.url}/graphiql`);
    await page.locator('.monaco-editor').first().waitFor();
    await page.locator('button.graphiql-execute-button').click();
    await page.locator('.result-window .view-line', { hasText: '"data"' }).first().waitFor();
    assert.deepEqual(await blocked(), []);
  });

  it('stops a script that got into a page, a frame around it, and what would leave the machine', async () => {
    await page.goto(`${server.url}/runs`);
    await settled();
    await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const other = document.createElement('script');
      other.src = 'data:text/javascript,window.injected = true';
      document.body.append(other);
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.injected = true">');
    `);
    await until(async () => (await blocked()).length >= 3);
    assert.equal(await page.evaluate('window.injected'), undefined);
    const left = await page.evaluate(
      `fetch('http://127.0.0.2:9/').then(() => 'sent', (error) => error.message)`,
    );
    assert.equal(left, 'Failed to fetch');
    assert.ok((await blocked()).some((text) => text.startsWith('connect-src')));
    const framed = await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.src = '/runs';
      frame.onload = () => resolve(frame.contentDocument?.querySelector('main') ?? null);
      document.body.append(frame);
    })`);
    assert.equal(framed, null);
  });

  it('is sent with every page, and no address makes the server fail or shows a file of its own', async () => {
    const { hostname, port } = new URL(server.url);
    const odd = [
      '/%',
      '/%00',
      '/%ff/%c0%af',
      '//evil.example/',
      '/\\evil.example',
      `/${'a/'.repeat(3_000)}`,
      '/runs/%2e%2e%2f',
    ];
    const files = [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/_next/static/..%2f..%2fBUILD_ID',
    ];
    const inside = [
      '/_next/static/../../package.json',
      '/.next/BUILD_ID',
      '/next.config.mjs',
      '/.env',
      '/_next/image?url=http://127.0.0.1:9/&w=64&q=75',
    ];
    for (const path of [...odd, ...files, ...inside]) {
      // fetch would tidy the address up.
      const { status, headers, body } = await new Promise<{ status: number; headers: object; body: string }>(
        (resolve, reject) => {
          const sent = httpRequest({ hostname, port, path, headers: { accept: 'text/html' } }, (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () =>
              resolve({ status: response.statusCode!, headers: response.headers, body: text }),
            );
          });
          sent.on('error', reject);
          sent.end();
        },
      );
      assert.ok(status < 500, `${path}: ${status} ${body.slice(0, 200)}`);
      assert.ok('content-security-policy' in headers, path);
      assert.doesNotMatch(body, /"dependencies"|reactStrictMode/, path);
      const { location = '' } = headers as { location?: string };
      assert.ok(!/^(\/\/|\/\\|https?:)/.test(location), `${path}: leads to ${location}`);
    }
  });

  it('comes with pages that no proxy keeps, and with files that everybody may', async () => {
    const kept = async (path: string) =>
      (await fetch(server.url + path, { headers: { accept: 'text/html' } })).headers.get('cache-control')!;
    for (const path of [
      '/',
      '/runs',
      '/runs?_rsc=1',
      '/graphiql',
      '/sign-in',
      `/runs/${runId}`,
      '/no/such/page',
    ])
      assert.match(await kept(path), /^private, no-cache/, path);
    const html = await (await fetch(`${server.url}/runs`)).text();
    const [file] = /\/_next\/static\/[^"]+\.js/.exec(html)!;
    assert.match(await kept(file), /^public, max-age=31536000, immutable/);
  });

  it('gives no nonce twice, whatever the request says', async () => {
    const nonces = new Set<string>();
    for (let time = 0; time < 5; time += 1) {
      const response = await fetch(`${server.url}/runs/${runId}`, {
        headers: { accept: 'text/html', 'content-security-policy': "script-src 'nonce-mine'" },
      });
      const [, nonce] = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy')!)!;
      const html = await response.text();
      assert.ok(html.includes(`nonce="${nonce}"`), 'pages rendered on request carry it');
      assert.ok(!html.includes('nonce="mine"'));
      nonces.add(nonce!);
    }
    assert.equal(nonces.size, 5);
  });
});
