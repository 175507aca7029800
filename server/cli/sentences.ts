import { StringDecoder } from 'node:string_decoder';

/** Sentences that are handed on together: enough to sort into full batches, few enough to keep memory small. */
const groupSize = 4096;

/** The lines of a stream, in groups. A line break at the end of the last line opens no further one. */
export async function* readSentences(input: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let lines: string[] = [];
  for await (const chunk of input) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() as string;
    lines.push(...parts.map(withoutReturn));
    while (lines.length >= groupSize) {
      yield lines.slice(0, groupSize);
      lines = lines.slice(groupSize);
    }
  }
  rest += decoder.end();
  if (rest !== '') lines.push(withoutReturn(rest));
  if (lines.length > 0) yield lines;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
