import { once } from 'node:events';
import { Readable } from 'node:stream';
import yazl from 'yazl';
import { type ExportFile } from '../../../experiments/models/formats/exportFile.js';

/** Weights do not get much smaller, and packing them would take longer than sending them. */
const weights = /\.(safetensors|onnx|bin)$/;

/** A zip archive of files in a folder, as a stream: a file is made once the one before it has left, so that memory holds one. */
export function zipFiles(folder: string, files: Iterable<ExportFile>, madeAt: Date): Readable {
  const archive = new yazl.ZipFile();
  const output = archive.outputStream as Readable;
  const add = async (): Promise<void> => {
    for (const { path, parts } of files) {
      if (output.destroyed) return;
      const contents = Readable.from(parts);
      archive.addReadStream(contents, `${folder}/${path}`, { mtime: madeAt, compress: !weights.test(path) });
      await once(contents, 'close');
    }
    archive.end();
  };
  add().catch((error: Error) => output.destroy(error));
  return output;
}
