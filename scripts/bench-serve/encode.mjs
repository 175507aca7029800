// The engine's encoder over the lines of standard input, several times; prints the seconds of each, the model being loaded and warm.
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { openEncoder } from '../../dist/experiments/inference/encoder.js';
import { openModelFolder } from '../../dist/experiments/models/sources/folder.js';

const [folder, threads, precision, runs] = process.argv.slice(2);
const model = openModelFolder(folder, { id: folder, source: 'folder', seed: 0 });
const encoder = await openEncoder(model, { threads: Number(threads), precision });
const sentences = (await text(process.stdin)).trimEnd().split('\n');
await encoder.embed(sentences.slice(0, 64));
for (let run = 0; run < Number(runs); run += 1) {
  const started = performance.now();
  await encoder.embed(sentences);
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ type: 'encoded', seconds, sentences: sentences.length }));
}
await encoder.close();
