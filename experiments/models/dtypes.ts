export type HostDtype =
  | 'float32'
  | 'float64'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool';

export type HostData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** What a dtype is called in a safetensors file. */
export const fileDtypes: Record<HostDtype, string> = {
  float32: 'F32',
  float64: 'F64',
  int8: 'I8',
  int16: 'I16',
  int32: 'I32',
  int64: 'I64',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  bool: 'BOOL',
};

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

const hostDtypes = new Map<string, HostDtype>([
  ...Object.entries(fileDtypes).map(([host, file]): [string, HostDtype] => [file, host as HostDtype]),
  ['F16', 'float32'],
  ['BF16', 'float32'],
]);

/** Size of one element in memory. */
export function elementBytes(dtype: HostDtype): number {
  return arrays[dtype].BYTES_PER_ELEMENT;
}

/** The dtype that data of a safetensors dtype has in memory; `unknown` makes the error for one that is not known. */
export function dtypeOf(
  fileDtype: string,
  unknown = () => new Error(`unknown dtype ${fileDtype}`),
): HostDtype {
  const dtype = hostDtypes.get(fileDtype);
  if (dtype === undefined) throw unknown();
  return dtype;
}

/** The stored bytes as a typed array: a view where the alignment allows, else a copy. Half-width floats are widened. */
export function viewOf(fileDtype: string, stored: Uint8Array): HostData {
  if (fileDtype === 'BF16') return widenBfloat16(halves(stored));
  if (fileDtype === 'F16') return widenFloat16(halves(stored));
  const array = arrays[dtypeOf(fileDtype)];
  const width = array.BYTES_PER_ELEMENT;
  const aligned = stored.byteOffset % width === 0 ? stored : new Uint8Array(stored);
  return new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / width);
}

function halves(stored: Uint8Array): Uint16Array {
  const aligned = stored.byteOffset % 2 === 0 ? stored : new Uint8Array(stored);
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}

function widenBfloat16(values: Uint16Array): Float32Array {
  const words = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) words[index] = values[index] << 16;
  return new Float32Array(words.buffer);
}

function widenFloat16(values: Uint16Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const sign = value & 0x8000 ? -1 : 1;
    const exponent = (value >>> 10) & 0x1f;
    const fraction = value & 0x3ff;
    if (exponent === 0) out[index] = sign * fraction * 2 ** -24;
    else if (exponent === 31) out[index] = fraction === 0 ? sign * Infinity : NaN;
    else out[index] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return out;
}
