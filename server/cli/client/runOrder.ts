import { type RunOrder, type RunOrderField } from '../../../client/index.js';
import { badInput, FrostlineError } from '../../../experiments/errors.js';
import { printField } from '../../query/fields.js';
import { parseField } from '../../query/parseQuery.js';
import { type Field } from '../../query/tree.js';

/** The API's names of what every run can be sorted by, by the names of the query language. */
const orderFields: Record<string, RunOrderField> = {
  state: 'STATE',
  name: 'NAME',
  experiment: 'EXPERIMENT',
  'freeze.label': 'FREEZE',
  'freeze.regime': 'REGIME',
  trainable: 'TRAINABLE_SHARE',
  seed: 'SEED',
  duration: 'DURATION',
  created: 'CREATED',
  started: 'STARTED',
  finished: 'FINISHED',
};

/** What the API sorts by for a field of the query language. */
export function runOrder(text: string, descending: boolean): { by: Field; input: RunOrder } {
  const by = sortField(text);
  const direction = descending ? 'DESC' : 'ASC';
  if (by.kind === 'metric') return { by, input: { metric: { name: by.name, of: by.of }, direction } };
  if (by.kind === 'setting') {
    const setting = printField(by).replace(/^setting\./, '');
    return { by, input: { setting, direction } };
  }
  const field = orderFields[printField(by)];
  if (field === undefined) {
    const known = [...Object.keys(orderFields), 'metric.<name>', 'setting.<path>'].join(', ');
    throw badInput(`--sort: expected one of ${known}, got ${text}`, { path: 'sort' });
  }
  return { by, input: { field, direction } };
}

function sortField(text: string): Field {
  try {
    return parseField(text);
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    throw badInput(error.message.replace(/^query/, '--sort'), { path: 'sort', cause: error });
  }
}
