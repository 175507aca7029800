import type { BackboneConfig, BackboneFamily } from '../config.js';
import type { ConfigFields } from '../configFields.js';
import { albert } from './albert.js';
import { bert } from './bert.js';
import { distilbert } from './distilbert.js';
import type { Family, FamilyConfig } from './family.js';
import { mpnet } from './mpnet.js';
import { roberta } from './roberta.js';

const families: Readonly<Record<BackboneFamily, Family>> = { bert, distilbert, roberta, mpnet, albert };

/** The values of `model_type` in a config.json that are known. */
export const modelTypes = Object.values(families).flatMap(({ architectures }) => Object.keys(architectures));

export function familyOf({ family }: Pick<BackboneConfig, 'family'>): Family {
  return families[family];
}

/** Reads a config.json as its family does; null when no family answers to its `model_type`. */
export function readFamily(
  modelType: unknown,
  fields: ConfigFields,
): (FamilyConfig & Pick<BackboneConfig, 'family'>) | null {
  for (const [name, { architectures, read }] of Object.entries(families)) {
    if (typeof modelType === 'string' && Object.hasOwn(architectures, modelType))
      return { family: name as BackboneFamily, ...read(fields) };
  }
  return null;
}
