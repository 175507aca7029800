'use client';

import { FreezeDiagram } from '@/components/freeze/FreezeDiagram';
import { Card } from '@/components/ui/Card';
import { useModelLayout } from '@/lib/api/use-library';
import type { RunDetail } from '@/lib/api/use-run';
import { formatPercent } from '@/lib/format';
import { modelParts } from '@/lib/freeze';
import { taskNames } from '@/lib/metrics';
import { definitionFreeze, definitionTasks, textField } from '@/lib/settings';

/** What the run leaves as it is, drawn on its own model. */
export function RunFreeze({ run }: { run: RunDetail }) {
  const layout = useModelLayout(textField(run.definition, 'model'));
  const declared = definitionTasks(run.definition);
  const tasks = declared.length > 0 ? declared : taskNames(run.metrics).map((name) => ({ name }));
  const { frozenBlocks, totalBlocks, embeddingsFrozen, frozenHeads, trainableShare } = run.freeze;
  const parts = modelParts(
    {
      embeddings: embeddingsFrozen,
      blocks: frozenBlocks,
      heads: frozenHeads,
      parameters: definitionFreeze(run.definition).parameters,
    },
    { layout, blocks: totalBlocks, tasks },
  );
  return (
    <Card title="What is frozen" note={`${formatPercent(trainableShare)} of the parameters train`}>
      <FreezeDiagram parts={parts} label={`What ${run.name} freezes`} />
    </Card>
  );
}
