import { Command, CommanderError } from 'commander';

import { debugging, productVersion, readConfig } from '../config.js';
import type { ModelOptions } from './options.js';
import { reportError } from './reportError.js';
import type { TrainOptions } from './train.js';

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
    .option('--device <device>', 'auto, cpu, webgpu, cuda or tfjs', 'auto')
    .option('--threads <n>', 'threads to compute with')
    .action(async (options: ModelOptions) => {
      const { predict } = await import('./predict.js');
      await predict(options);
    });

  return program;
}

/** Runs a command line; what goes wrong is one line on standard error and an exit status: 2 for bad input, 1 for the rest. */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0); // whoever read this has had enough
    throw error;
  });
  try {
    const program = buildProgram();
    for (const command of [program, ...program.commands]) {
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
