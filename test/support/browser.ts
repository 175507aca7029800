import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

let unpacked: ReturnType<typeof unpackChromium> | null = null;

/** Starts the Chromium that comes with the development packages, with the system libraries it needs. */
export async function launchBrowser(): Promise<Browser> {
  const [{ executablePath, args, fontConfig }, { chromium }] = await Promise.all([
    (unpacked ??= unpackChromium()),
    import('playwright-core'),
  ]);
  return chromium.launch({
    executablePath,
    args: [...args.filter((flag) => !unwanted.includes(flag)), '--disable-gpu'],
    env: { ...process.env, FONTCONFIG_FILE: fontConfig },
    headless: true,
  });
}

/**
 * The package unpacks to the folder for temporary files, and takes what lies there whatever its version: each version therefore
 * gets a folder of its own.
 */
async function unpackChromium(): Promise<{ executablePath: string; args: string[]; fontConfig: string }> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = await readFile(join(dirname(entry), '..', '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const { TMPDIR } = process.env;
  const folder = join(tmpdir(), `frostline-chromium-${version}`);
  await mkdir(folder, { recursive: true });
  process.env.TMPDIR = folder;
  // Read when the package is imported: it then unpacks the libraries a bare machine lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const executablePath = await chromium.executablePath();
    return { executablePath, args: chromium.args, fontConfig: await writeFontConfig(folder) };
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

/** The package's own configuration looks for its fonts in fixed folders, and without any font a page's process ends. */
async function writeFontConfig(folder: string): Promise<string> {
  const path = join(folder, 'fonts.conf');
  const entries = `<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir>`;
  await writeFile(path, `<?xml version="1.0"?>\n<fontconfig>${entries}</fontconfig>\n`);
  return path;
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
