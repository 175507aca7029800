import { z } from 'zod';
import { precisions } from '../../../experiments/runtime/precision.js';
import { expected } from './readBody.js';

/** The field of a body that says what is computed in. */
export const precisionChoice = z.enum(precisions, expected(`one of ${precisions.join(', ')}`)).nullish();
