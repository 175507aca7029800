import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** For answers that are no pages: should a browser show one all the same, nothing in it does anything. */
export const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/**
 * The content policy of the dashboard's pages: scripts are files of this server, or inline ones that the build wrote. Pages that were
 * rendered at build time are known by the digests of their scripts; for the others Next.js is given a nonce, which it finds in
 * the policy. Styles may be inline: charts, GraphiQL's editor and React set them.
 */
export class PagePolicy {
  readonly #scriptsOf: ReadonlyMap<string, readonly string[]>;

  /** Reads the pages of a Next.js build, `.next`. */
  constructor(build: string) {
    const folder = join(build, 'server', 'app');
    const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.html'),
    );
    this.#scriptsOf = new Map(
      pages.map((name) => [pathOf(name), inlineScripts(readFileSync(join(folder, name), 'utf8'))]),
    );
  }

  /** The policy for the answer to one request. */
  for(path: string): string {
    const nonce = randomBytes(16).toString('base64');
    const known = this.#scriptsOf.get(path) ?? this.#scriptsOf.get('/_not-found') ?? [];
    return [
      "default-src 'none'",
      `script-src 'self' 'nonce-${nonce}' ${known.map((digest) => `'sha256-${digest}'`).join(' ')}`.trim(),
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self' data:",
      "connect-src 'self'",
      "worker-src 'self' blob:",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; ');
  }
}

function pathOf(file: string): string {
  const name = file.replaceAll('\\', '/').replace(/\.html$/, '');
  return name === 'index' ? '/' : `/${name}`;
}

function inlineScripts(html: string): string[] {
  const scripts = [...html.matchAll(INLINE_SCRIPT)].map(([, text]) => text!);
  return [...new Set(scripts.map((text) => createHash('sha256').update(text).digest('base64')))];
}
