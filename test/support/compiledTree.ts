import { transformFileSync } from '@swc/core';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { kernelsFile } from '../../experiments/training/optimizer/kernels/kernels.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The engine and some test programs as JavaScript, in a folder of their own: a process that runs them begins three times sooner than one
 * that compiles them for itself. Made of the sources as they are, not of dist/, which may be older.
 */
export class CompiledTree {
  readonly folder: string;

  /** @param programs TypeScript files, relative to the repository, that are compiled beside `experiments` */
  constructor(programs: readonly string[]) {
    const output = join(root, 'test', 'output');
    mkdirSync(output, { recursive: true });
    this.folder = mkdtempSync(join(output, 'compiled-'));
    for (const file of [...sourcesUnder('experiments'), ...programs]) this.#compile(file);
    copyFileSync(kernelsFile(), join(this.folder, 'kernels.wasm'));
    symlinkSync(join(root, 'test', 'fixtures'), join(this.folder, 'test', 'fixtures'));
  }

  /** Where a program lies that was compiled. */
  path(program: string): string {
    return join(this.folder, program.replace(/\.ts$/, '.js'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #compile(file: string): void {
    const { code } = transformFileSync(join(root, file), {
      jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
      module: { type: 'es6' },
      swcrc: false,
    });
    const target = this.path(file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
}

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.endsWith('assembly'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
