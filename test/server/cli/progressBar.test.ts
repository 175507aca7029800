import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type WriteStream } from 'node:tty';
import { progressBar } from '../../../server/cli/progressBar.js';

/** A stream that says whether it is a terminal, and what was written to it. */
function output(isTTY: boolean): { stream: WriteStream; written(): string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  return { stream: stream as unknown as WriteStream, written: () => String(stream.read() ?? '') };
}

describe('the progress of import, dump and restore', () => {
  it('is a bar for each phase in a terminal, and gone in the end', () => {
    const { stream, written } = output(true);
    const bar = progressBar(stream);
    bar.show({ phase: 'rows', done: 0, total: 8 });
    bar.show({ phase: 'rows', done: 6, total: 8 });
    bar.show({ phase: 'blobs', done: 5, total: 10 });
    bar.stop();
    const text = written();
    for (const part of ['rows      ░', ' 0% |', ' 75% |', 'blobs     █', ' 50% |']) {
      assert.ok(text.includes(part), JSON.stringify([part, text]));
    }
    const end = text.slice(text.lastIndexOf('left'));
    assert.ok(end.includes('\x1b[0K'), `the line is wiped: ${JSON.stringify(end)}`);
    assert.ok(end.includes('\x1b[?25h'), `the cursor is back: ${JSON.stringify(end)}`);
  });

  it('is nothing where nobody looks at it', () => {
    const { stream, written } = output(false);
    const bar = progressBar(stream);
    bar.show({ phase: 'rows', done: 1, total: 8 });
    bar.stop();
    assert.equal(written(), '');
  });
});
