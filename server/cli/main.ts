import { Command, CommanderError } from 'commander';

import { debugging, preferProduction, productVersion, readConfig } from '../config.js';
import type { AdviseOptions } from './advise.js';
import type { LaunchOptions } from './launch.js';
import type { CompareOptions } from './compare.js';
import type { CacheListOptions, CachePruneOptions } from './cache.js';
import { addDatasetCommands } from './datasetCommands.js';
import type { DoctorOptions } from './doctor.js';
import type { DumpOptions } from './dump.js';
import type { FsckOptions } from './fsck.js';
import type { ExportOptions } from './export.js';
import type { RegisterOptions } from './models.js';
import type { ModelOptions } from './options.js';
import type { PrecisionsOptions } from './precisions.js';
import { reportError } from './reportError.js';
import type { QueueOptions } from './queue.js';
import type { RunsOptions } from './runs.js';
import type { StartOptions } from './start.js';
import type { CreateOptions } from './token.js';
import type { TrainOptions } from './train.js';
import type { VerifyOptions } from './verify.js';

/**
 * The command line. Each command is imported when it is called, so that a short one does not wait for the others' libraries.
 */
export function buildProgram(): Command {
  const program = new Command('frostline')
    .description('Find out what to freeze: train, compare and query sentence models with several heads.')
    .version(productVersion(readConfig()))
    .showHelpAfterError(false)
    .exitOverride();

  program
    .command('train')
    .description('train as a definition says, without a server or a database')
    .argument('<definition>', 'the definition, a JSON file')
    .option('--set <path=value...>', 'replace a setting, such as training.epochs=2')
    .option('--out <folder>', 'where to write the trained model; Hugging Face tools open it')
    .option('--resume', 'go on from the newest checkpoint in --out')
    .option('--resume-step <n>', 'go on from the checkpoint of this step in --out')
    .option('--overwrite', 'begin anew where --out holds a run that did not end')
    .option('--fork <checkpoint>', "begin with the weights of another run's checkpoint, a safetensors file")
    .option('--device <device>', 'auto, cpu, webgpu, cuda or tfjs', 'auto')
    .option('--threads <n>', 'threads to compute with')
    .option('--json', 'print one JSON object a line: an epoch each, then the result')
    .action(async (definition: string, options: TrainOptions) => {
      const { train } = await import('./train.js');
      await train(definition, options);
    });

  program
    .command('embed')
    .description('embed sentences from standard input, one a line; one JSON array a line comes out')
    .requiredOption('--model <model>', 'a Hugging Face id or a folder')
    .option('--max-length <n>', "tokens a sentence is cut to; by default the model's own limit")
    .option('--batch-size <n>', 'sentences that are computed together')
    .option('--precision <precision>', 'float32, or int8: faster, a little less exact', 'float32')
    .option('--device <device>', 'auto, cpu, webgpu, cuda or tfjs', 'auto')
    .option('--threads <n>', 'threads to compute with')
    .action(async (options: ModelOptions) => {
      const { embed } = await import('./embed.js');
      await embed(options);
    });

  program
    .command('predict')
    .description('label sentences from standard input, one a line; one JSON object a line comes out')
    .requiredOption('--model <folder>', 'a folder that train --out wrote')
    .option('--max-length <n>', 'tokens a sentence is cut to; by default as in training')
    .option('--batch-size <n>', 'sentences that are computed together')
    .option('--precision <precision>', 'float32, or int8: faster, a little less exact', 'float32')
    .option('--device <device>', 'auto, cpu, webgpu, cuda or tfjs', 'auto')
    .option('--threads <n>', 'threads to compute with')
    .action(async (options: ModelOptions) => {
      const { predict } = await import('./predict.js');
      await predict(options);
    });

  program
    .command('precisions')
    .description('what each precision costs in quality and gives in speed, on the sentences of a file')
    .argument('<file>', 'a CSV or JSONL file; labels are read off the vectors by linear probes')
    .requiredOption('--model <model>', 'a Hugging Face id or a folder')
    .option('--max-length <n>', "tokens a sentence is cut to; by default the model's own limit")
    .option('--device <device>', 'auto, cpu, webgpu, cuda or tfjs', 'auto')
    .option('--threads <n>', 'threads to compute with')
    .option('--json', 'print what was measured as one JSON array')
    .action(async (file: string, options: PrecisionsOptions) => {
      const { precisions } = await import('./precisions.js');
      await precisions(file, options);
    });

  program
    .command('verify')
    .description('run again what train --out wrote, and compare every bit; status 1 when it differs')
    .argument('<folder>', 'a folder that train --out wrote')
    .option('--definition <file>', 'the definition to run, when it is no longer where it was')
    .option('--dataset <file>', 'the dataset to run it on')
    .option('--model <model>', 'the backbone to begin with, an id or a folder')
    .option('--fork <checkpoint>', 'the checkpoint it was forked from')
    .option('--device <device>', 'auto, cpu, webgpu, cuda or tfjs', 'auto')
    .option('--threads <n>', 'threads to compute with')
    .option('--json', 'print what was found as one JSON object')
    .action(async (folder: string, options: VerifyOptions) => {
      const { verify } = await import('./verify.js');
      await verify(folder, options);
    });

  addServerCommands(program);
  addTokenCommands(program);
  addDatasetCommands(program);
  addModelCommands(program);
  const cache = program.command('cache').description('what frozen layers computed, kept for other runs');
  cache
    .command('list')
    .description('list the entries, the least recently used first')
    .option('--json', 'print one JSON object a line')
    .action(async (options: CacheListOptions) => {
      const { listCache } = await import('./cache.js');
      listCache(options);
    });
  cache
    .command('prune')
    .description('remove entries that no run has open; without an option those beyond FROSTLINE_CACHE_GB')
    .option('--all', 'remove all')
    .option('--unused-for <time>', 'remove those that were last used so long ago, such as 30d, 12h or 90m')
    .option('--max-gb <n>', 'remove the least recently used until so many gigabytes are left')
    .option('--json', 'print what was removed, one JSON object a line')
    .action(async (options: CachePruneOptions) => {
      const { pruneCache } = await import('./cache.js');
      pruneCache(options);
    });

  program
    .command('advise')
    .description('say what freezing at each boundary promises and costs, and recommend one')
    .argument('<definition>', 'the definition, a JSON file')
    .option('--set <path=value...>', 'replace a setting, such as training.epochs=2')
    .option(
      '--steps <n>',
      'training steps to try at each boundary; half of the run, 64 at most, if not given',
    )
    .option('--device <device>', 'auto, cpu, webgpu, cuda or tfjs', 'auto')
    .option('--threads <n>', 'threads to compute with')
    .option('--json', 'print one JSON object')
    .action(async (definition: string, options: AdviseOptions) => {
      const { advise } = await import('./advise.js');
      await advise(definition, options);
    });

  program
    .command('doctor')
    .description('say what this machine offers, and what each --device would use')
    .option('--network', 'also ask whether the hub and the package index can be reached')
    .option('--json', 'print one JSON object')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./doctor.js');
      await doctor(options);
    });

  return program;
}

/** The commands that run the server or talk to it. */
function addServerCommands(program: Command): void {
  program
    .command('start')
    .description('start database, API, dashboard and a worker; an empty database gets the sample experiment')
    .option('--no-worker', 'serve only; workers run elsewhere, and an empty database stays empty')
    .action(async (options: StartOptions) => {
      const { start } = await import('./start.js');
      await start(options);
    });

  program
    .command('fsck')
    .description('look for what should not be in database and blob store; status 1 when something is left')
    .option('--repair', 'put right what can be without losing anything')
    .option('--deep', 'read every blob and every point, too')
    .option('--json', 'print one JSON object a line')
    .action(async (options: FsckOptions) => {
      const { fsck } = await import('./fsck.js');
      await fsck(options);
    });

  program
    .command('dump')
    .description(
      'write all that database and blob store have of the project into a folder, as JSONL and blobs',
    )
    .argument('<folder>', 'where to write it; new or empty')
    .option('--json', 'print its manifest as one JSON object')
    .action(async (folder: string, options: DumpOptions) => {
      const { dump } = await import('./dump.js');
      await dump(folder, options);
    });

  program
    .command('restore')
    .description('read what dump wrote into an empty database and its blob store')
    .argument('<folder>', 'what dump wrote')
    .option('--json', 'print its manifest as one JSON object')
    .action(async (folder: string, options: DumpOptions) => {
      const { restore } = await import('./dump.js');
      await restore(folder, options);
    });

  program
    .command('worker')
    .description(
      'train queued runs until stopped; DATABASE_URL, or the server on this data folder, says where',
    )
    .action(async () => {
      const { worker } = await import('./worker.js');
      await worker();
    });

  program
    .command('launch')
    .description('store a definition and its data on the server, queue its runs and show how they go')
    .argument('<definition>', 'the definition, a JSON file')
    .option('--set <path=value...>', 'replace a setting, such as training.epochs=2')
    .option('--name <name>', "name of the experiment; by default the definition's")
    .option('--freeze <name...>', 'stored freeze configurations, name or name@version: one run for each')
    .option('--plan', 'only print the runs that it would come to')
    .option('--priority <n>', 'from -100 to 100; runs with more go first')
    .option('--attempts <n>', 'how often a run is tried that fails by no fault of its own')
    .option('--force', 'run again what has finished already')
    .option('--detach', 'do not wait for the runs')
    .action(async (definition: string, options: LaunchOptions) => {
      const { launch } = await import('./launch.js');
      await launch(definition, options);
    });

  program
    .command('queue')
    .description('what workers are at, what waits in its order, and what is paused')
    .option('--json', 'print one JSON object a line')
    .action(async (options: QueueOptions) => {
      const { queue } = await import('./queue.js');
      await queue(options);
    });

  for (const [name, mutation, description] of [
    ['pause', 'pauseRun', 'hold runs; those that train write a checkpoint and give their worker back'],
    ['resume', 'resumeRun', 'let runs go on that were paused, cancelled, pruned, or have failed'],
    ['cancel', 'cancelRun', 'end runs'],
  ] as const) {
    program
      .command(name)
      .description(description)
      .argument('<run...>', 'ids of runs')
      .action(async (ids: string[]) => {
        const { change } = await import('./queue.js');
        await change(mutation, ids);
      });
  }

  program
    .command('runs')
    .description('list runs, the newest first')
    .option('--experiment <name>', 'only runs of this experiment')
    .option(
      '--query <condition>',
      'only runs for which it holds, such as \'metric.validation/loss < 0.5 and tag = "best"\'',
    )
    .option('--sort <field>', 'by a field of the query language, such as metric.validation/loss.min')
    .option('--descending', 'the largest first')
    .option('--limit <n>', 'how many at most', '20')
    .option('--json', 'print one JSON object a line')
    .action(async (options: RunsOptions) => {
      const { runs } = await import('./runs.js');
      await runs(options);
    });

  program
    .command('compare')
    .description('put runs side by side, and say what explains their differences and which to keep')
    .argument('<run...>', 'ids of runs, the one to compare with first')
    .option('--metric <name>', 'what to judge by; the mean accuracy over the tasks, if not given')
    .option('--json', 'print everything as one JSON object')
    .action(async (ids: string[], options: CompareOptions) => {
      const { compare } = await import('./compare.js');
      await compare(ids, options);
    });
}

/** They work on the database itself, as the first token has to come from somewhere. */
function addTokenCommands(program: Command): void {
  const token = program
    .command('token')
    .description('tokens, which let clients in; works without a server too');
  token
    .command('create')
    .description('make a token and print its secret, this one time')
    .requiredOption('--name <name>', 'what or whom it is for')
    .requiredOption('--role <role>', 'viewer, worker, editor or admin')
    .option('--expires <time>', 'void after a time, such as 90d or 12h')
    .option('--json', 'print the token and its secret as one JSON object')
    .action(async (options: CreateOptions) => {
      const { createTokenCommand } = await import('./token.js');
      await createTokenCommand(options);
    });
  token
    .command('list')
    .description('list the tokens, the newest first')
    .option('--json', 'print one JSON object a line')
    .action(async (options: { json?: boolean }) => {
      const { listTokensCommand } = await import('./token.js');
      await listTokensCommand(options);
    });
  token
    .command('revoke')
    .description('take a token out of force at once')
    .argument('<token>', 'its id, or its name when no other token in force has it')
    .action(async (token: string) => {
      const { revokeTokenCommand } = await import('./token.js');
      await revokeTokenCommand(token);
    });
}

/** The commands about models that runs left on the server. */
function addModelCommands(program: Command): void {
  program
    .command('export')
    .description("write a run's model as a folder for Hugging Face's tools, with ONNX and TensorFlow.js")
    .argument(
      '<run>',
      'id of a run, a registered model such as news@production, or a folder that train --out wrote',
    )
    .argument('<folder>', 'where to write it')
    .option('--formats <list>', 'formats beside the folder itself: onnx, tfjs, or none', 'onnx,tfjs')
    .action(async (run: string, folder: string, options: ExportOptions) => {
      const { exportCommand } = await import('./export.js');
      await exportCommand(run, folder, options);
    });

  program
    .command('models')
    .description('list registered models with their versions and aliases')
    .option('--json', 'print one JSON object a line')
    .action(async (options: { json?: boolean }) => {
      const { models } = await import('./models.js');
      await models(options);
    });

  program
    .command('register')
    .description("make a run's weights the next version of a model")
    .argument('<run>', 'id of a finished run')
    .argument('<name>', 'name of the model, new or not')
    .option('--alias <alias>', 'an alias to point to it, such as production')
    .option('--note <text>', 'what there is to say about the version')
    .option('--description <text>', 'what the model is for')
    .option('--force <reason>', "move the alias against the model's gate, and why")
    .action(async (run: string, name: string, options: RegisterOptions) => {
      const { register } = await import('./models.js');
      await register(run, name, options);
    });
}

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

/** Runs a command line; what goes wrong is one line on standard error and an exit status: 2 for bad input, 1 for the rest. */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0); // whoever read this has had enough
    throw error;
  });
  preferProduction();
  try {
    const program = buildProgram();
    for (const command of commandsOf(program)) {
      command.exitOverride().configureOutput({
        outputError: (text, write) =>
          write(
            `${text
              .replace(/^error: /, 'frostline: ')
              .trim()
              .replace(/\s*\n\s*/g, ' ')}\n`,
          ),
      });
    }
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      process.exitCode = reportError(error, { debug: debugging() });
    }
  }
}

await main(process.argv);
