import { readFileSync } from 'node:fs';

import { badInput, FrostlineError } from '../errors.js';
import { dtypeOf, elementBytes, fileDtypes, viewOf, type HostData, type HostDtype } from './dtypes.js';
import { sizeOf } from './layout.js';

export type { HostData, HostDtype } from './dtypes.js';

/** A tensor in this process's memory. `data` may be a view of the file it was read from; treat it as read-only. */
export interface HostTensor {
  dtype: HostDtype;
  shape: number[];
  data: HostData;
}

export interface SafetensorsFile {
  tensors: Map<string, HostTensor>;
  metadata: Record<string, string>;
}

interface HeaderEntry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/** The format's own limit on its header. */
const largestHeader = 100_000_000;

/**
 * Reads a safetensors file, or its bytes. float32 and integer data are views of the bytes where alignment allows; float16 and
 * bfloat16 are widened to float32. A file that is cut short or contradicts itself is refused with what was expected of it.
 */
export function readSafetensors(
  file: string | Uint8Array,
  options: { source?: string } = {},
): SafetensorsFile {
  const source = options.source ?? (typeof file === 'string' ? file : undefined);
  const bytes = typeof file === 'string' ? readFileSync(file) : file;
  const { json, dataStart } = readHeader(bytes, source);

  const { __metadata__: metadata = {}, ...described } = json;
  const entries = Object.entries(described)
    .map(([name, value]) => parseEntry(name, value, source))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);

  let position = 0;
  for (const entry of entries) {
    if (entry.begin !== position) {
      const what = entry.begin < position ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw malformed(
        `${entry.name}: expected its data to begin at byte ${position}, got ${entry.begin}, which ${what}`,
        source,
      );
    }
    position = entry.end;
  }
  const available = bytes.length - dataStart;
  if (position > available) {
    throw malformed(
      `truncated: expected ${dataStart + position} bytes, as its header says, got ${bytes.length}`,
      source,
    );
  }
  if (position < available) {
    throw malformed(
      `expected ${dataStart + position} bytes, as its header says, got ${bytes.length}`,
      source,
    );
  }

  const tensors = new Map<string, HostTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const stored = bytes.subarray(dataStart + begin, dataStart + end);
    tensors.set(name, { dtype: dtypeOf(dtype), shape, data: viewOf(dtype, stored) });
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

/**
 * The bytes of a safetensors file. The same tensors give the same bytes: widest elements first (so that every tensor is aligned),
 * then by name, as the reference implementation lays them out.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** The same bytes in pieces: the header, then each tensor's own memory, to be hashed or written without another copy of a model. */
export function safetensorsParts(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Record<string, string> = {},
): Uint8Array[] {
  const entries = [...tensors].sort(
    ([nameA, a], [nameB, b]) => elementBytes(b.dtype) - elementBytes(a.dtype) || (nameA < nameB ? -1 : 1),
  );
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) {
    header.__metadata__ = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  let position = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (sizeOf(shape) !== data.length) {
      throw new FrostlineError(
        'INTERNAL',
        `${name}: shape [${shape.join(', ')}] does not hold ${data.length} elements`,
      );
    }
    header[name] = { dtype: fileDtypes[dtype], shape, data_offsets: [position, position + data.byteLength] };
    position += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const start = new Uint8Array(8 + headerBytes).fill(0x20, 8);
  new DataView(start.buffer).setBigUint64(0, BigInt(headerBytes), true);
  start.set(text, 8);
  return [
    start,
    ...entries.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

function readHeader(
  bytes: Uint8Array,
  source?: string,
): { json: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) {
    throw malformed(
      `truncated: expected a safetensors file of at least 8 bytes, got ${bytes.length}`,
      source,
    );
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > largestHeader)
    throw malformed('expected a safetensors file, got something else (its header would be too long)', source);
  if (8 + length > bytes.length) {
    throw malformed(`truncated: expected a header of ${length} bytes, got ${bytes.length - 8}`, source);
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString('utf8'));
  } catch (error) {
    throw malformed(
      'expected a safetensors file, got something else (its header is not JSON)',
      source,
      error,
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw malformed(
      'expected a safetensors file, got something else (its header is not a JSON object)',
      source,
    );
  }
  return { json: json as Record<string, unknown>, dataStart: 8 + length };
}

function parseEntry(name: string, value: unknown, source?: string): HeaderEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(isCount)) {
    throw malformed(`${name}: expected a dtype and a shape in the header`, source);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    throw malformed(`${name}: expected data_offsets of two numbers, the second not below the first`, source);
  }
  const [begin, end] = offsets as [number, number];
  const known = dtypeOf(dtype, () => malformed(`${name}: dtype ${dtype} is not supported`, source));
  const width = dtype === 'F16' || dtype === 'BF16' ? 2 : elementBytes(known);
  const expected = sizeOf(shape) * width;
  if (end - begin !== expected) {
    throw malformed(
      `${name}: expected ${expected} bytes for ${dtype} [${shape.join(', ')}], got ${end - begin}`,
      source,
    );
  }
  return { name, dtype, shape, begin, end };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Names and shapes are the file's own words: they must not make a page of the message. */
function malformed(message: string, source?: string, cause?: unknown): FrostlineError {
  return badInput(message.length > 300 ? `${message.slice(0, 297)}...` : message, { source, cause });
}
