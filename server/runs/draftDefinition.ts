import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Database } from '../db/database.js';
import { type SettingDifference, settingDifferences } from '../comparison/settingDifferences.js';
import { editDefinition, touches } from './editDefinition.js';
import { findRuns } from './runIds.js';

export interface DraftInput {
  run?: string | null;
  experiment?: string | null;
  /** New values by paths of the definition. */
  settings?: unknown;
}

/** A definition to create an experiment of: that of a run or of an experiment, with settings changed. */
export interface DefinitionDraft {
  definition: Record<string, unknown>;
  /** As `name@version`; empty when the definition's own rules are meant. */
  freezeConfigs: string[];
  /** What sets it apart from where it comes from. */
  changes: SettingDifference[];
}

/** Gives the definition of a run or of an experiment with settings changed; nothing is written. */
export async function draftDefinition(database: Database, input: DraftInput): Promise<DefinitionDraft> {
  if ((input.run == null) === (input.experiment == null))
    throw badInput('run: expected either a run or an experiment', { path: 'run' });
  const { json, freezeConfigs } =
    input.run != null ? await ofRun(database, input.run) : await ofExperiment(database, input.experiment!);
  const { json: definition } = editDefinition(json, input.settings);
  return {
    definition,
    // Rules of one's own take the place of stored ones.
    freezeConfigs: touches(input.settings, 'freeze') ? [] : freezeConfigs,
    changes: settingDifferences([json, definition]),
  };
}

async function ofRun(database: Database, id: string): Promise<{ json: object; freezeConfigs: string[] }> {
  const [run] = await findRuns(database, [id], 'run');
  if (run!.external)
    throw badInput('run: the run was trained elsewhere and has no definition', { path: 'run' });
  // The rules that a stored configuration gave it are its own by now.
  return { json: run!.definition as object, freezeConfigs: [] };
}

async function ofExperiment(
  { prisma }: Database,
  name: string,
): Promise<{ json: object; freezeConfigs: string[] }> {
  const experiment = await prisma.experiment.findUnique({
    where: { name },
    include: { freezeConfigs: { include: { freezeConfig: true }, orderBy: { position: 'asc' } } },
  });
  if (experiment === null) {
    const message = `experiment: there is none called ${JSON.stringify(name)}`;
    throw new FrostlineError('NOT_FOUND', message, { path: 'experiment' });
  }
  if (experiment.definitionDigest === '')
    throw badInput('experiment: its runs are trained elsewhere, and it has no definition', {
      path: 'experiment',
    });
  const { definition, sweep, freezeConfigs } = experiment;
  return {
    json: { ...(definition as object), ...(sweep === null ? {} : { sweep }) },
    freezeConfigs: freezeConfigs.map(({ freezeConfig }) => `${freezeConfig.name}@${freezeConfig.version}`),
  };
}
