import {
  exportRecordName,
  type ExportableModel,
  type ExportOptions,
  type ExportRecord,
} from './exportable.js';
import { digestOfFile, type ExportFile, jsonFile, textFile } from './exportFile.js';
import { graphModelFiles } from './graphModelFiles.js';
import { writeModelCard } from './modelCard.js';
import { checkOnnxSize, onnxFiles } from './onnxFiles.js';
import { sentenceTransformersFiles } from './sentenceTransformersFiles.js';

/** Files whose digests frostline.json keeps: weights, and what decides how they are used. */
const vouchedFor = /\.(safetensors|onnx|bin)$|^(config|tokenizer)\.json$/;

/**
 * The files of an export, each made when it is asked for, so that no more than one of them is in memory: frostline.json is the last, so
 * that a folder without it is known to be incomplete.
 */
export function* exportFiles(
  trained: ExportableModel,
  { record = {}, attachments = {}, formats = [], card }: ExportOptions,
): Generator<ExportFile> {
  const { model, tasks, weightsSha256, maxLength } = trained;
  if (formats.includes('onnx')) checkOnnxSize(trained);
  const files: Record<string, string> = {};
  function* noted(made: Iterable<ExportFile>): Generator<ExportFile> {
    for (const file of made) {
      if (vouchedFor.test(file.path)) files[file.path] = digestOfFile(file);
      yield file;
    }
  }
  yield* noted(sentenceTransformersFiles(trained));
  if (formats.includes('onnx')) yield* noted(onnxFiles(trained));
  if (formats.includes('tfjs')) yield* noted(graphModelFiles(trained));
  for (const [path, text] of Object.entries(attachments)) yield textFile(path, text);
  if (card !== undefined) yield textFile('README.md', writeModelCard(card, trained, { formats, files }));
  yield jsonFile(exportRecordName, {
    format: 1,
    model: model.id,
    tasks: tasks.map(({ name, classes, hidden }) => ({ name, classes, hidden })),
    maxLength,
    weightsSha256,
    ...record,
    files,
  } satisfies ExportRecord);
}
