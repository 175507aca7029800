'use client';

import { Download, Link2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { ActionMenu, MenuItem } from '@/components/ui/ActionMenu';
import type { Comparison } from '@/lib/api/use-comparison';
import { download } from '@/lib/download';
import { settingText } from '@/lib/settings';
import { toCsv, type TableData } from '@/lib/table-data';
import type { ComparedRun } from './compared';

/** A row a run: what it is, what it cost, the settings that differ, and the last value of every metric. */
function comparisonTable(comparison: Comparison, runs: readonly ComparedRun[]): TableData {
  const { settings, metrics } = comparison;
  return {
    columns: [
      'run',
      'id',
      'state',
      'freeze configuration',
      'trainable share',
      'trainable parameters',
      'compute seconds',
      'seed',
      ...settings.map(({ path }) => path),
      ...metrics.map(({ name }) => name),
    ],
    rows: runs.map(({ run, name }, index) => [
      name,
      run.id,
      run.state,
      run.freeze.label,
      run.freeze.trainableShare,
      run.trainableParameters,
      run.cost.computeSeconds,
      run.seed,
      ...settings.map(({ values }) => {
        const value = values[index];
        return typeof value === 'number' ? value : settingText(value);
      }),
      ...metrics.map(({ name: metric }) => {
        const summary = run.metrics.find((candidate) => candidate.name === metric);
        return summary?.last ?? summary?.lastSpecial ?? null;
      }),
    ]),
  };
}

/** Leaves out what the client's cache added. */
const withoutTypes = (key: string, value: unknown) => (key === '__typename' ? undefined : value);

/** Takes the comparison away: its address, or all its numbers. */
export function ExportMenu({ comparison, runs }: { comparison: Comparison; runs: readonly ComparedRun[] }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(location.href).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  return (
    <>
      <Button onClick={copy}>
        <Link2 aria-hidden className="size-3.5" />
        {copied ? 'Copied' : 'Copy link'}
      </Button>
      <ActionMenu
        trigger={
          <Button>
            <Download aria-hidden className="size-3.5" />
            Export
          </Button>
        }
      >
        <MenuItem
          onSelect={() =>
            download('comparison.csv', toCsv(comparisonTable(comparison, runs)), 'text/csv;charset=utf-8')
          }
        >
          CSV: a row a run
        </MenuItem>
        <MenuItem
          onSelect={() =>
            download(
              'comparison.json',
              `${JSON.stringify(comparison, withoutTypes, 2)}\n`,
              'application/json',
            )
          }
        >
          JSON: everything
        </MenuItem>
      </ActionMenu>
    </>
  );
}
