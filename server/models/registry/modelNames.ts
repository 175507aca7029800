import { badInput } from '../../../experiments/errors.js';
import { isRunId } from '../../runs/runIds.js';

const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** Checks the name of a registered model: it stands where ids of backbones and runs may stand, before an `@`. */
export function checkModelName(name: string, path = 'name'): string {
  if (NAME.test(name) && !isRunId(name)) return name;
  throw badInput(
    `${path}: expected up to 100 letters, digits, ".", "_" and "-", beginning with a letter or digit, got ${JSON.stringify(name.slice(0, 200))}`,
    { path },
  );
}

/** Checks an alias. One of digits would be a version's number. */
export function checkAlias(alias: string, path = 'alias'): string {
  if (NAME.test(alias) && !/^\d+$/.test(alias)) return alias;
  throw badInput(
    `${path}: expected up to 100 letters, digits, ".", "_" and "-", not digits alone, got ${JSON.stringify(alias.slice(0, 200))}`,
    { path },
  );
}

/** `news@production` as its parts; without an `@`, no selector. */
export function splitReference(reference: string): { name: string; selector: string | null } {
  const at = reference.indexOf('@');
  return at < 0
    ? { name: reference, selector: null }
    : { name: reference.slice(0, at), selector: reference.slice(at + 1) };
}
