'use client';

import { useMemo } from 'react';
import { Page } from '@/components/ui/Page';
import { Snippet } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Ago } from '@/components/ui/Values';
import { useFreezeConfigs, useModelLayout, type FreezeConfig, type ModelLayout } from '@/lib/api/use-library';
import { formatCount, formatPercent } from '@/lib/format';
import { expandRules, modelParts, trainableShare, type TaskLike } from '@/lib/freeze';
import { regimeOf } from '@/lib/regime';
import { definitionTasks, textField } from '@/lib/settings';
import { FreezeDiagram } from './FreezeDiagram';
import { RegimeGlyph } from './RegimeGlyph';

const create = `mutation {
  createFreezeConfig(input: {
    name: "lower layers frozen"
    description: "Embeddings and the first three blocks stay as they are."
    rules: { embeddings: true, blocks: 3 }
  }) { freezeConfig { id name } }
}`;

const exampleTasks: TaskLike[] = [
  { name: 'topic', classes: ['a', 'b', 'c'] },
  { name: 'sentiment', classes: ['a', 'b', 'c'] },
];

function rulesText(config: FreezeConfig): string {
  const { preset, embeddings, blocks, heads, parameters } = config.rules;
  if (preset) return `preset ${preset}`;
  const parts = [
    embeddings && 'embeddings',
    blocks > 0 && `first ${blocks === 1 ? 'block' : `${blocks} blocks`}`,
    heads.length > 0 && `head ${heads.join(', ')}`,
    parameters.length > 0 && parameters.join(', '),
  ].filter(Boolean);
  return parts.length === 0 ? 'freezes nothing' : `freezes ${parts.join(' · ')}`;
}

function ConfigCard({
  config,
  layout,
  tasks,
}: {
  config: FreezeConfig;
  layout: ModelLayout | null;
  tasks: TaskLike[];
}) {
  const blocks = layout?.blocks ?? Math.max(6, config.rules.blocks);
  const parts = modelParts(config.rules, { layout, blocks, tasks });
  const share = trainableShare(parts);
  const expanded = expandRules(
    config.rules,
    blocks,
    tasks.map((task) => task.name),
  );
  const regime = regimeOf({
    preset: config.rules.preset,
    frozenBlocks: expanded.blocks,
    totalBlocks: blocks,
    embeddingsFrozen: expanded.embeddings,
    frozenHeads: expanded.heads,
    trainableShare: share ?? (parts.every((part) => part.frozen === 0) ? 1 : 0.5),
  });
  return (
    <li className="rounded-lg border border-line bg-surface p-4" data-freeze-config={config.name}>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <div className="min-w-0">
          <h2 className="flex items-center gap-2 text-heading font-semibold">
            <RegimeGlyph regime={regime} />
            <span className="min-w-0 break-words">{config.name}</span>
          </h2>
          {config.description && <p className="text-muted">{config.description}</p>}
          <p className="font-mono text-axis break-all text-muted">{rulesText(config)}</p>
        </div>
        <p className="text-table text-muted">
          {share !== null && (
            <>
              <span className="text-heading font-semibold text-text">{formatPercent(share)}</span> trains
              ·{' '}
            </>
          )}
          <Ago instant={config.createdAt} />
        </p>
      </div>
      <FreezeDiagram parts={parts} label={`What ${config.name} freezes`} />
    </li>
  );
}

/** Every freeze configuration, drawn on the model the newest run used. */
export function FreezePage() {
  const { configs, definition, loading, error, reload } = useFreezeConfigs();
  const model = textField(definition, 'model');
  const layout = useModelLayout(model);
  const tasks = useMemo(() => {
    const found = definitionTasks(definition);
    return found.length > 0 ? found : exampleTasks;
  }, [definition]);
  return (
    <Page
      title="Freeze configurations"
      lead={
        layout
          ? `Drawn on ${layout.model}: ${layout.blocks} blocks, ${formatCount(layout.totalParameters)} parameters, and the heads of the newest run.`
          : 'Named rules that say which parts of a model stay as they are. An experiment trains one run for each.'
      }
    >
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines label="Loading freeze configurations" />
        </div>
      ) : configs.length === 0 ? (
        <EmptyState title="No freeze configurations yet">
          <p>
            A configuration is a preset (full, head-only, frozen), or names embeddings, the first blocks,
            heads or patterns.
          </p>
          <Snippet label="Create one by GraphQL" code={create} />
        </EmptyState>
      ) : (
        <ul className="flex flex-col gap-3">
          {configs.map((config) => (
            <ConfigCard key={config.id} config={config} layout={layout} tasks={tasks} />
          ))}
        </ul>
      )}
    </Page>
  );
}
