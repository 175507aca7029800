import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrostlineError } from '../../../experiments/errors.js';
import {
  type HostTensor,
  readSafetensors,
  writeSafetensors,
} from '../../../experiments/models/safetensors.js';

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 3 });
const tensors = fc
  .dictionary(fc.string({ unit: 'binary', maxLength: 12 }), shapes, { maxKeys: 5 })
  .map((described) => {
    const entries = Object.entries(described).filter(
      ([name]) => name !== '__metadata__' && !/\p{Surrogate}/u.test(name),
    );
    return new Map(
      entries.map(([name, shape]): [string, HostTensor] => {
        const size = shape.reduce((product, length) => product * length, 1);
        return [
          name,
          { dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => i / 3) },
        ];
      }),
    );
  });

/** Reads it, or says on one line what is wrong; a tensor that is read has the data that its shape asks for. */
function check(bytes: Uint8Array): void {
  try {
    for (const { shape, data } of readSafetensors(bytes).tensors.values())
      assert.equal(
        data.length,
        shape.reduce((product, length) => product * length, 1),
      );
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    assert.equal(error.code, 'BAD_USER_INPUT');
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(error.message.length < 1_000, `${error.message.length} characters`);
  }
}

/** A file whose header is this text, however long it says it is. */
function file(header: string, data: Uint8Array, length = BigInt(Buffer.byteLength(header))): Uint8Array {
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt.asUintN(64, length));
  return Buffer.concat([start, Buffer.from(header), data]);
}

describe('safetensors, whatever the bytes are', () => {
  it('reads what it wrote', () => {
    fc.assert(
      fc.property(tensors, (written) => {
        assert.deepEqual(
          new Map([...readSafetensors(writeSafetensors(written)).tensors].sort()),
          new Map([...written].sort()),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('reads or refuses a file in which bytes were changed, lost or added', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'cut', 'add')), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(tensors, changes, (written, spoilt) => {
        let bytes = Buffer.from(writeSafetensors(written));
        for (const [place, value, kind] of spoilt) {
          const at = place % Math.max(1, bytes.length);
          if (kind === 'set' && bytes.length > 0) bytes[at] = value;
          if (kind === 'cut') bytes = bytes.subarray(0, at);
          if (kind === 'add')
            bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(value), bytes.subarray(at)]);
        }
        check(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads or refuses any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 2000 });
  });

  it('reads or refuses a header that says anything', () => {
    const numbers = fc.oneof(
      fc.nat({ max: 20 }),
      fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 53, 1e308, null, '4', true, [], {}),
    );
    const entry = fc.record(
      {
        dtype: fc.oneof(
          fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'U8', 'BOOL', '__proto__', 'toString', ''),
          numbers,
        ),
        shape: fc.oneof(fc.array(numbers, { maxLength: 4 }), numbers),
        data_offsets: fc.oneof(fc.tuple(numbers, numbers), fc.array(numbers, { maxLength: 3 }), numbers),
      },
      { requiredKeys: [] },
    );
    const name = fc.constantFrom(
      'x',
      'two\nlines',
      'x'.repeat(2_000),
      '__metadata__',
      '__proto__',
      'constructor',
      '',
    );
    const header = fc.oneof(
      fc
        .dictionary(name, fc.oneof(entry, fc.jsonValue({ maxDepth: 2 })), { maxKeys: 4 })
        .map((json) => JSON.stringify(json)),
      fc.json({ maxDepth: 3 }),
      fc.string({ unit: 'binary', maxLength: 50 }),
    );
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 40 }), (text, data) => check(file(text, data))),
      { numRuns: 3000 },
    );
  });

  it('refuses a header that says it is longer than the file, without making room for it', () => {
    for (const length of [1n, 50n, 100_000_001n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])
      check(file('{}', new Uint8Array(4), length));
    check(file(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, new Uint8Array(0)));
    check(
      file(
        JSON.stringify({ x: { dtype: 'F32', shape: Array(5000).fill(65536), data_offsets: [0, 0] } }),
        new Uint8Array(0),
      ),
    );
  });
});
