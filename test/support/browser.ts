import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/**
 * Flags of the packaged Chromium that are for servers without a file system or more than one process: a crash of one
 * page would end them all, and pages must be held to the same-origin policy as everywhere. Nor is a graphics card to be
 * imitated: drawing without one is many times faster.
 */
const unwanted = [
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--ignore-gpu-blocklist',
  '--in-process-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** Starts the Chromium that comes with the development packages, with the system libraries it needs. */
export async function launchBrowser(): Promise<Browser> {
  // Read when the package is imported: it then unpacks the libraries a bare machine lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
  const [{ default: chromium }, playwright] = await Promise.all([
    import('@sparticuz/chromium'),
    import('playwright-core'),
  ]);
  return playwright.chromium.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args.filter((flag) => !unwanted.includes(flag)), '--disable-gpu'],
    headless: true,
  });
}

export interface TestPage {
  readonly page: Page;
  /** Errors the page threw or logged, and requests that left its origin. */
  readonly complaints: string[];
}

/** Opens a page that keeps account of what a visitor should never cause. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<TestPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`logged: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) complaints.push(`left the machine: ${url}`);
  });
  return { page, complaints };
}
