import type { Command } from 'commander';
import type { ImportOptions } from './importFile.js';

/** The commands about datasets, which the server keeps. */
export function addDatasetCommands(program: Command): void {
  program
    .command('import')
    .description('store a file of labelled sentences as a version of a dataset')
    .argument('<file>', 'a CSV or JSONL file')
    .option('--name <name>', 'name of the dataset; by default that of the file')
    .option('--validation <share>', 'share of the rows without a split to validate on, such as 0.1')
    .option('--test <share>', 'share of the rows without a split to keep for a test')
    .option('--seed <n>', 'decides which rows; 42 if not given')
    .option('--stratify-by <task>', 'spread the labels of this task evenly; those of all tasks if not given')
    .action(async (file: string, options: ImportOptions) => {
      const { importDataset } = await import('./importFile.js');
      await importDataset(file, options);
    });

  const dataset = program.command('dataset').description('what the server has of datasets');
  dataset
    .command('list')
    .description('list the datasets, the newest first')
    .option('--json', 'print one JSON object a line')
    .action(async (options: { json?: boolean }) => {
      const { listDatasets } = await import('./datasets.js');
      await listDatasets(options);
    });
  dataset
    .command('export')
    .description('write a version as a file: the bytes that were imported, or its rows with their splits')
    .argument('<dataset>', 'a name, or name@version')
    .option('--format <format>', 'original, csv, tsv or jsonl', 'original')
    .option('--out <file>', 'where to write it; standard output if not given')
    .action(async (reference: string, options: { format: string; out?: string }) => {
      const { exportDataset } = await import('./datasets.js');
      await exportDataset(reference, options);
    });
  dataset
    .command('delete')
    .description('delete a version, or all versions of a name, unless runs refer to them')
    .argument('<dataset>', 'a name, or name@version')
    .action(async (reference: string) => {
      const { deleteDataset } = await import('./datasets.js');
      await deleteDataset(reference);
    });
}
