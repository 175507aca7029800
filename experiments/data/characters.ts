import {
  droppedRanges,
  ideographRanges,
  markRanges,
  punctuationRanges,
  separatorRanges,
  spaceRanges,
  undecomposedRanges,
} from './unicode.js';

/** What a character is to BERT's tokenizer; one bit each. */
export const dropped = 1;
export const space = 2;
export const separator = 4;
export const ideograph = 8;
export const mark = 16;
export const punctuation = 32;
export const undecomposed = 64;

let table: Uint8Array | undefined;

/** The bits of every code point. */
export function characterTable(): Uint8Array {
  if (table === undefined) {
    table = new Uint8Array(0x110000);
    fill(table, droppedRanges, dropped);
    fill(table, spaceRanges, space);
    fill(table, separatorRanges, separator);
    fill(table, ideographRanges, ideograph);
    fill(table, markRanges, mark);
    fill(table, punctuationRanges, punctuation);
    fill(table, undecomposedRanges, undecomposed);
    table.fill(dropped, 0xd800, 0xe000); // halves of a surrogate pair are no characters
  }
  return table;
}

function fill(bits: Uint8Array, ranges: string, bit: number): void {
  const numbers = ranges.split(' ').map((word) => parseInt(word, 36));
  let position = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    position += numbers[index];
    const end = position + numbers[index + 1];
    for (; position < end; position++) bits[position] |= bit;
  }
}
