import { badInput } from '../errors.js';
import { type Activation, activations } from './ops/activation.js';

/** Typed access to the fields of a config.json, each with the error that names it. */
export class ConfigFields {
  constructor(
    readonly raw: Record<string, unknown>,
    private readonly source: string,
  ) {}

  count(name: string, standard: number): number {
    const value = this.raw[name] ?? standard;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
      return this.reject(name, 'a whole number of at least 1', value);
    }
    return value;
  }

  number(name: string, standard: number): number {
    const value = this.raw[name] ?? standard;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      return this.reject(name, 'a number of at least 0', value);
    }
    return value;
  }

  tokenId(name: string, standard: number): number | null {
    const value = this.raw[name] === undefined ? standard : this.raw[name];
    if (value !== null && (typeof value !== 'number' || !Number.isInteger(value) || value < 0)) {
      return this.reject(name, 'a token id or null', value);
    }
    return value;
  }

  activation(name: string, standard: Activation = 'gelu'): Activation {
    const value = this.raw[name] ?? standard;
    const known = activations.find((activation) => activation === value);
    return known ?? this.reject(name, `one of ${activations.join(', ')}`, value);
  }

  /** Refuses settings that make another model of it: the field must be absent or have this value. */
  only(name: string, value: unknown, expected = JSON.stringify(value)): void {
    const given = this.raw[name] ?? value;
    if (given !== value) this.reject(name, expected, given);
  }

  reject(name: string, expected: string, value: unknown): never {
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    throw badInput(`${name}: expected ${expected}, got ${got}`, { path: name, source: this.source });
  }
}
