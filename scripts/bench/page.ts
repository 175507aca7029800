import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './workplace.js';

const path = join(root, 'docs', 'benchmarks.md');
/** The page's last section: another program writes it. */
const TRACKER = '## The tracker';

/** Writes docs/benchmarks.md anew, but for the section about the tracker. */
export function writeEnginePage(report: string): void {
  const { tracker } = readPage();
  writeFileSync(path, tracker === '' ? report : `${report.trimEnd()}\n\n${tracker}`);
}

const readme = join(root, 'README.md');
const [OPENING, CLOSING] = ['<!-- npm run bench writes this -->', '<!-- to here -->'];

/** Writes the README's table of benchmarks anew, formatted as the rest of it. */
export async function writeReadmeTable(summary: string): Promise<void> {
  const text = readFileSync(readme, 'utf8');
  const [start, end] = [text.indexOf(OPENING), text.indexOf(CLOSING)];
  if (start < 0 || end < start) throw new Error(`README.md: expected "${OPENING}" and "${CLOSING}"`);
  const written = `${text.slice(0, start)}${OPENING}\n\n${summary}\n\n${text.slice(end)}`;
  const style = await resolveConfig(readme);
  writeFileSync(readme, await format(written, { ...style, filepath: readme }));
}

/** Writes the section about the tracker anew; the rest of docs/benchmarks.md stays. */
export function writeTrackerSection(section: string): void {
  const { engine } = readPage();
  writeFileSync(path, `${engine.trimEnd()}\n\n${TRACKER}\n\n${section.trimEnd()}\n`);
}

function readPage(): { engine: string; tracker: string } {
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(`\n${TRACKER}\n`) + 1;
  return start === 0
    ? { engine: text, tracker: '' }
    : { engine: text.slice(0, start), tracker: text.slice(start) };
}
