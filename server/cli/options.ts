import { badInput } from '../../experiments/errors.js';
import { devices, type Device } from '../../experiments/runtime/device.js';
import { parsePrecision, type Precision } from '../../experiments/runtime/precision.js';

/** A whole number given to an option. */
export function parseCount(option: string, text: string, minimum = 1, maximum = Infinity): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  const range = maximum === Infinity ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw badInput(`${option}: expected a whole number ${range}, got ${JSON.stringify(text)}`, {
    path: option,
  });
}

const milliseconds: Record<string, number> = { m: 60e3, h: 3600e3, d: 86400e3 };

/** A span of time given to an option, in milliseconds. */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * milliseconds[unit!]!;
  throw badInput(`${option}: expected a time such as 30d, 12h or 90m, got ${JSON.stringify(text)}`, {
    path: option,
  });
}

/** What `--device` names. */
export function parseDevice(text: string): Device {
  const device = devices.find((name) => name === text);
  if (device !== undefined) return device;
  throw badInput(`--device: expected one of ${devices.join(', ')}, got ${JSON.stringify(text)}`, {
    path: '--device',
  });
}

/** Options of every command that computes. */
export interface ComputeOptions {
  device: string;
  threads?: string;
  maxLength?: string;
  batchSize?: string;
  precision?: string;
}

/** Options of the commands that ask a model. */
export interface ModelOptions extends ComputeOptions {
  model: string;
}

/** The options that say how to compute, checked. */
export function parseComputeOptions(options: ComputeOptions): {
  device: Device;
  threads?: number;
  maxLength?: number;
  batchSize?: number;
  precision?: Precision;
} {
  const { device, threads, maxLength, batchSize, precision } = options;
  return {
    device: parseDevice(device),
    ...(threads === undefined ? {} : { threads: parseCount('--threads', threads) }),
    ...(maxLength === undefined ? {} : { maxLength: parseCount('--max-length', maxLength, 2) }),
    ...(batchSize === undefined ? {} : { batchSize: parseCount('--batch-size', batchSize) }),
    ...(precision === undefined ? {} : { precision: parsePrecision(precision, '--precision') }),
  };
}
