'use client';

import { Eye } from 'lucide-react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { Button } from '@/components/ui/Button';
import { Menu } from '@/components/ui/Menu';
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
    <Menu
      label="Runs in the charts"
      trigger={
        <Button>
          <Eye aria-hidden className="size-3.5" />
          {runs.length - hidden.size} of {runs.length} shown
        </Button>
      }
      items={[
        { label: 'All', onSelect: () => showOnly(() => true) },
        ...[5, 10, 20]
          .filter((count) => count < runs.length)
          .map((count) => ({
            label: `The first ${count}`,
            onSelect: () => showOnly((_, index) => index < count),
          })),
        { label: 'The baseline alone', onSelect: () => showOnly(({ baseline }) => baseline) },
        ...(present.length > 1
          ? present.map((regime) => ({
              label: (
                <>
                  <RegimeGlyph regime={regime} />
                  {regimeNames[regime]} alone
                </>
              ),
              onSelect: () => showOnly(({ run }) => regimeOf(run.freeze) === regime),
            }))
          : []),
      ]}
    />
  );
}
