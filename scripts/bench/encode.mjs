// The engine's encoder over the lines of standard input; prints the seconds of encoding alone, once the model is loaded.
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { openEncoder } from '../../dist/experiments/inference/encoder.js';
import { openModelFolder } from '../../dist/experiments/models/sources/folder.js';

const [folder, threads] = process.argv.slice(2);
const model = openModelFolder(folder, { id: folder, source: 'folder', seed: 0 });
const encoder = await openEncoder(model, { maxLength: model.maxSequenceLength, threads: Number(threads) });
const sentences = (await text(process.stdin)).trimEnd().split('\n');
const started = performance.now();
await encoder.embed(sentences);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ type: 'encoded', seconds, sentences: sentences.length }));
await encoder.close();
