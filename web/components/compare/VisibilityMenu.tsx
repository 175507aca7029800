'use client';

import { Eye } from 'lucide-react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { Button } from '@/components/ui/Button';
import { ActionMenu, MenuItem, MenuSeparator } from '@/components/ui/ActionMenu';
import { regimeNames, regimeOf, regimes } from '@/lib/regime';
import type { ComparedRun } from './compared';

/** Which runs the charts show, many at once; hidden runs stay in the tables. */
export function VisibilityMenu({
  runs,
  hidden,
  onHide,
}: {
  runs: readonly ComparedRun[];
  hidden: ReadonlySet<string>;
  onHide: (hidden: Set<string>) => void;
}) {
  const showOnly = (wanted: (compared: ComparedRun, index: number) => boolean) =>
    onHide(new Set(runs.filter((compared, index) => !wanted(compared, index)).map(({ run }) => run.id)));
  const present = regimes.filter((regime) => runs.some(({ run }) => regimeOf(run.freeze) === regime));
  return (
    <ActionMenu
      trigger={
        <Button>
          <Eye aria-hidden className="size-3.5" />
          {runs.length - hidden.size} of {runs.length} shown
        </Button>
      }
    >
      <MenuItem onSelect={() => showOnly(() => true)}>All</MenuItem>
      {[5, 10, 20]
        .filter((count) => count < runs.length)
        .map((count) => (
          <MenuItem key={count} onSelect={() => showOnly((_, index) => index < count)}>
            The first {count}
          </MenuItem>
        ))}
      <MenuItem onSelect={() => showOnly(({ baseline }) => baseline)}>The baseline alone</MenuItem>
      {present.length > 1 && <MenuSeparator />}
      {present.length > 1 &&
        present.map((regime) => (
          <MenuItem key={regime} onSelect={() => showOnly(({ run }) => regimeOf(run.freeze) === regime)}>
            <span className="flex items-center gap-2">
              <RegimeGlyph regime={regime} />
              {regimeNames[regime]} alone
            </span>
          </MenuItem>
        ))}
    </ActionMenu>
  );
}
