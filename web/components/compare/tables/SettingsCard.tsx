'use client';

import { useCallback } from 'react';
import { Card } from '@/components/ui/Card';
import type { Comparison } from '@/lib/api/use-comparison';
import { settingText } from '@/lib/settings';
import { useUrlState } from '@/lib/url-state';
import type { ComparedRun } from '../compared';
import { RunMatrix, runsAreRows } from './RunMatrix';
import { TableSearch, TransposeButton } from './TableTools';

/** The settings that are not the same in all runs; what is the same is left out. */
export function SettingsCard({ comparison, runs }: { comparison: Comparison; runs: readonly ComparedRun[] }) {
  const [params, change] = useUrlState();
  const search = params.get('setting') ?? '';
  const rows = runsAreRows(params.get('settings'), runs.length);
  const onSearch = useCallback((value: string) => change({ setting: value || null }), [change]);
  const wanted = search.trim().toLowerCase();
  const values = new Map(comparison.settings.map((setting) => [setting.path, setting.values]));
  const found = comparison.settings.filter(
    (setting) =>
      setting.path.toLowerCase().includes(wanted) ||
      setting.values.some((value) => settingText(value).toLowerCase().includes(wanted)),
  );
  return (
    <Card
      title="Settings that differ"
      note="everything else is the same"
      flush
      actions={
        comparison.settings.length > 0 && (
          <span className="flex flex-wrap items-center gap-2">
            <TableSearch label="Find a setting" value={search} onChange={onSearch} />
            <TransposeButton
              rows={rows}
              onChange={(next) => change({ settings: next ? 'rows' : 'columns' })}
            />
          </span>
        )
      }
    >
      <RunMatrix
        label="Differing settings by run"
        first="Setting"
        items={found.map(({ path }) => ({ key: path, data: { 'data-setting': path } }))}
        runs={runs}
        rows={rows}
        cell={({ key }, index) => {
          const all = values.get(key) ?? [];
          const text = settingText(all[index]);
          return { content: text, text, muted: index > 0 && text === settingText(all[0]) };
        }}
        empty={
          comparison.settings.length === 0
            ? 'None: these runs have the same definition.'
            : `No setting that differs is called or set to “${search}”.`
        }
      />
    </Card>
  );
}
