'use client';

import { FreezeDiagram } from '@/components/freeze/FreezeDiagram';
import { Card } from '@/components/ui/Card';
import { useModelLayout } from '@/lib/api/use-library';
import type { RunDetail } from '@/lib/api/use-run';
import { formatPercent } from '@/lib/format';
import { modelParts } from '@/lib/freeze';
import { taskNames } from '@/lib/metrics';
import { definitionTasks, freezeStages, textField } from '@/lib/settings';

/** What the run leaves as it is, drawn on its own model. */
export function RunFreeze({ run }: { run: RunDetail }) {
  const layout = useModelLayout(textField(run.definition, 'model'));
  const declared = definitionTasks(run.definition);
  const tasks = declared.length > 0 ? declared : taskNames(run.metrics).map((name) => ({ name }));
  const { totalBlocks, trainableShare } = run.freeze;
  const stages = freezeStages(run.definition);
  return (
    <Card
      title="What is frozen"
      note={`${formatPercent(trainableShare)} of the parameters train${stages.length > 1 ? ' at first' : ''}`}
    >
      <div className="flex flex-col gap-4">
        {stages.map((stage) => (
          <div key={stage.epoch} className="flex flex-col gap-2">
            {stages.length > 1 && <h3 className="text-table font-medium">From epoch {stage.epoch}</h3>}
            <FreezeDiagram
              parts={modelParts(stage, { layout, blocks: totalBlocks, tasks })}
              label={`What ${run.name} freezes${stages.length > 1 ? ` from epoch ${stage.epoch}` : ''}`}
            />
          </div>
        ))}
      </div>
    </Card>
  );
}
