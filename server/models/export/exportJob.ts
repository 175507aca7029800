import { type ExportFormat, type ModelCard } from '../../../experiments/models/formats/exportable.js';
import { type ErrorCode } from '../../../experiments/errors.js';
import { type TrainedSource } from '../../inference/modelSource.js';

/** What an archive is made of: plain data, for a process of its own to make it. */
export interface ExportJob {
  source: TrainedSource;
  /** The folder that all of it is in: letters, digits and dashes. */
  name: string;
  /** When what is in it was made. */
  madeAt: Date;
  formats: readonly ExportFormat[];
  /** Fields of frostline.json. */
  record: object;
  card: ModelCard;
}

/** Why a process could not make an archive. */
export interface ExportFailure {
  code: ErrorCode;
  message: string;
  path?: string;
}
