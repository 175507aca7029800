import { createHash } from 'node:crypto';
import { badInput, FrostlineError } from '../errors.js';
import { largestWeightCode } from './processor.js';

/** What linear layers compute in: 32-bit floats, or bytes (weights rounded once, inputs row by row). */
export const precisions = ['float32', 'int8'] as const;

export type Precision = (typeof precisions)[number];

/** What a text names. @throws BAD_USER_INPUT naming the precisions that there are */
export function parsePrecision(text: string, path = 'precision'): Precision {
  const precision = precisions.find((name) => name === text);
  if (precision !== undefined) return precision;
  const message = `${path}: expected one of ${precisions.join(', ')}, got ${JSON.stringify(text)}`;
  throw badInput(message, { path });
}

/** SHA-256 of all that a precision does to the numbers, on this processor. */
export function precisionSha256(precision: Precision): string {
  const scheme =
    precision === 'float32'
      ? { precision }
      : { precision, weights: 'by output', inputs: 'by row', largestWeightCode: largestWeightCode() };
  return createHash('sha256').update(JSON.stringify(scheme)).digest('hex');
}

/** The error of a device that computes in 32-bit floats only. */
export function unavailablePrecision(precision: Precision, device: string): FrostlineError {
  const message = `precision: ${precision} is computed on the CPU only, the device is ${device}`;
  return new FrostlineError('UNAVAILABLE', message, { path: 'precision' });
}
