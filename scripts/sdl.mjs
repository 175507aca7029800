// Writes the GraphQL schema to server/graphql/schema.graphql; with --check, fails when that file is not what the code says.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildFrostlineSchema, printFrostlineSchema } from '../dist/server/graphql/schema.js';

const file = fileURLToPath(new URL('../server/graphql/schema.graphql', import.meta.url));
const sdl = printFrostlineSchema(await buildFrostlineSchema());
if (!process.argv.includes('--check')) {
  writeFileSync(file, sdl);
} else if (readFileSync(file, 'utf8') !== sdl) {
  process.stderr.write('server/graphql/schema.graphql is not what the code says: run `npm run sdl`\n');
  process.exit(1);
}
