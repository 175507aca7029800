import assert from 'node:assert/strict';

import {
  readSafetensors,
  writeSafetensors,
  type HostTensor,
} from '../../../experiments/models/safetensors.js';

const tensors = new Map<string, HostTensor>([
  ['weights', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -0, NaN, 3.5) }],
  ['ids', { dtype: 'int64', shape: [1, 2], data: BigInt64Array.of(1n, -(2n ** 40n)) }],
  ['flag', { dtype: 'bool', shape: [], data: Uint8Array.of(1) }],
  ['none', { dtype: 'float32', shape: [0, 3], data: new Float32Array(0) }],
]);

/** A file with a header that says whatever a test wants it to. */
function file(header: unknown, data = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

const entry = (dtype: string, shape: number[], begin: number, end: number): object => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  it('reads what it wrote, bit by bit', () => {
    const read = readSafetensors(writeSafetensors(tensors, { format: 'pt' }));
    assert.deepEqual(read.metadata, { format: 'pt' });
    assert.deepEqual(new Map([...read.tensors].sort()), new Map([...tensors].sort()));
  });

  it('writes the same bytes whatever the order of the tensors', () => {
    const reversed = new Map([...tensors].reverse());
    assert.deepEqual(writeSafetensors(reversed), writeSafetensors(tensors));
  });

  it('reads aligned data without copying it', () => {
    const bytes = writeSafetensors(tensors);
    assert.equal(readSafetensors(bytes).tensors.get('weights')?.data.buffer, bytes.buffer);
  });

  it('reads data at any offset', () => {
    const bytes = writeSafetensors(tensors);
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    assert.deepEqual(readSafetensors(shifted).tensors.get('weights'), tensors.get('weights'));
  });

  it('widens float16 and bfloat16', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc01);
    const half = readSafetensors(file({ x: entry('F16', [7], 0, 14) }, new Uint8Array(halves.buffer)));
    assert.deepEqual([...half.tensors.get('x')!.data], [1, -2, 65504, 2 ** -24, -0, Infinity, NaN]);
    const brain = Uint16Array.of(0x3f80, 0xc000, 0x7f80);
    const wide = readSafetensors(file({ x: entry('BF16', [3], 0, 6) }, new Uint8Array(brain.buffer)));
    assert.deepEqual([...wide.tensors.get('x')!.data], [1, -2, Infinity]);
    assert.equal(wide.tensors.get('x')!.dtype, 'float32');
  });

  const whole = writeSafetensors(tensors);
  const refused: [string, Uint8Array, RegExp][] = [
    [
      'an empty file',
      new Uint8Array(0),
      /^truncated: expected a safetensors file of at least 8 bytes, got 0$/,
    ],
    [
      'a header that is cut short',
      whole.subarray(0, 40),
      /^truncated: expected a header of \d+ bytes, got 32$/,
    ],
    [
      'data that is cut short',
      whole.subarray(0, whole.length - 1),
      /^truncated: expected \d+ bytes, as its header says/,
    ],
    [
      'data that goes on',
      Buffer.concat([whole, Buffer.alloc(1)]),
      /^expected \d+ bytes, as its header says, got \d+$/,
    ],
    [
      'another format',
      Buffer.from('PK\x03\x04 this is a zip file, or so it says'),
      /^expected a safetensors file/,
    ],
    ['a header that is no JSON', file('{oops'), /its header is not JSON/],
    ['a header that is no object', file([]), /its header is not a JSON object/],
    [
      'an unknown dtype',
      file({ x: entry('F4', [2], 0, 1) }, new Uint8Array(1)),
      /^x: dtype F4 is not supported$/,
    ],
    [
      'a shape that its bytes do not fill',
      file({ x: entry('F32', [2], 0, 4) }, new Uint8Array(4)),
      /^x: expected 8 bytes for F32 \[2\], got 4$/,
    ],
    ['a negative size', file({ x: entry('F32', [-1], 0, 0) }), /^x: expected a dtype and a shape/],
    [
      'offsets that run backwards',
      file({ x: entry('F32', [1], 4, 0) }),
      /^x: expected data_offsets of two numbers/,
    ],
    [
      'tensors that overlap',
      file({ x: entry('F32', [1], 0, 4), y: entry('U8', [4], 2, 6) }, new Uint8Array(6)),
      /^y: expected its data to begin at byte 4, got 2, which overlaps/,
    ],
    [
      'a gap between tensors',
      file({ x: entry('F32', [1], 0, 4), y: entry('U8', [1], 5, 6) }, new Uint8Array(6)),
      /^y: expected its data to begin at byte 4, got 5, which leaves a gap/,
    ],
  ];
  for (const [what, bytes, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readSafetensors(bytes, { source: 'x.safetensors' }), {
        code: 'BAD_USER_INPUT',
        source: 'x.safetensors',
        message,
      });
    });
  }
});
