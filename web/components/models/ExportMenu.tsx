'use client';

import type { ReactElement } from 'react';
import { ActionMenu, MenuItem, MenuLabel } from '@/components/ui/ActionMenu';
import { fetchFile } from '@/lib/download';
import { exportChoices, exportPath } from '@/lib/exports';

/** Gives a finished run's model as an archive. */
export function ExportMenu({ runId, trigger }: { runId: string; trigger: ReactElement }) {
  return (
    <ActionMenu trigger={trigger}>
      <MenuLabel>A zip archive of the model</MenuLabel>
      {exportChoices.map(({ formats, text }) => (
        <MenuItem key={formats} onSelect={() => fetchFile(exportPath(runId, formats))}>
          {text}
        </MenuItem>
      ))}
    </ActionMenu>
  );
}
