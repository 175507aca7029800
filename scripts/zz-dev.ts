import { writeFileSync } from 'node:fs';
import { startServer } from './bench-tracker/server.js';
import { openDatabase } from '../server/db/database.js';
import { silentLogger } from '../server/db/logger.js';
import { insertComparedRun, type RegimeName } from '../test/support/comparedRuns.js';
const server = await startServer({ ...process.env, FROSTLINE_MODELS: new URL('../test/fixtures/models', import.meta.url).pathname });
const db = openDatabase(server.databaseUrl, { log: silentLogger });
const nine: string[] = [];
for (const regime of ['full', 'lower layers frozen', 'head-only', 'frozen'] as RegimeName[])
  for (const seed of [1, 2, 3]) nine.push(await insertComparedRun(db, { regime, seed, learningRate: seed === 3 ? 5e-5 : 2e-5 }));
const odd = await insertComparedRun(db, { regime: 'full', seed: 9, name: '<img src=x onerror=alert(1)> & "quotes"', curves: { 'train/loss': { steps: Array.from({length: 200}, (_, i) => i + 1), values: Array.from({length: 200}, (_, i) => (i > 120 ? NaN : i === 50 ? -1 : 1 / (i + 1))) }, 'validation/topic/accuracy': null } });
const fifty: string[] = [];
for (let i = 0; i < 50; i++) fifty.push(await insertComparedRun(db, { regime: (['full', 'lower layers frozen', 'head-only', 'frozen'] as RegimeName[])[i % 4]!, seed: 10 + i, learningRate: 1e-5 * (1 + (i % 7)), steps: 2000 }));
writeFileSync('/tmp/dashcompare/dev.json', JSON.stringify({ url: `http://127.0.0.1:${server.port}`, databaseUrl: server.databaseUrl, nine, odd, fifty }));
console.log('ready');
process.on('SIGTERM', () => { void db.close().then(() => server.stop()).then(() => process.exit(0)); });
setInterval(() => {}, 1000);
