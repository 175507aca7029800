import { fileURLToPath } from 'node:url';

/** The repository's root: packages are installed there, beside web/. */
const repository = fileURLToPath(new URL('..', import.meta.url));

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  turbopack: { root: repository },
  outputFileTracingRoot: repository,
  // `npm run typecheck` checks types with the same compiler; the build that `npm start` waits for need not do it again.
  typescript: { ignoreBuildErrors: true },
};

export default config;
