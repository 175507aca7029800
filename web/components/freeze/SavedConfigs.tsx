'use client';

import { PencilLine, Plus } from 'lucide-react';
import Link from 'next/link';
import { AsButton, Button } from '@/components/ui/Button';
import { Ago } from '@/components/ui/Values';
import type { FreezeConfig } from '@/lib/api/use-library';
import { formatPercent, plural } from '@/lib/format';
import { expandRules, modelParts, trainableShare } from '@/lib/freeze';
import { rulesText, type DesignModel } from '@/lib/freeze-design';
import { regimeOf } from '@/lib/regime';
import { FreezeDiagram } from './FreezeDiagram';
import { RegimeGlyph } from './RegimeGlyph';

function ConfigCard({
  config,
  model,
  inUse,
  onEdit,
}: {
  config: FreezeConfig;
  model: DesignModel;
  inUse: boolean;
  onEdit: (config: FreezeConfig) => void;
}) {
  // Without a layout there are at least the blocks that the rules speak of.
  const blocks = model.layout ? model.blocks : Math.max(model.blocks, config.rules.blocks);
  const parts = modelParts(config.rules, { ...model, blocks });
  const share = trainableShare(parts);
  const expanded = expandRules(
    config.rules,
    blocks,
    model.tasks.map((task) => task.name),
  );
  const regime = regimeOf({
    preset: config.rules.preset,
    frozenBlocks: expanded.blocks,
    totalBlocks: blocks,
    embeddingsFrozen: expanded.embeddings,
    frozenHeads: expanded.heads,
    trainableShare: share ?? (parts.every((part) => part.frozen === 0) ? 1 : 0.5),
  });
  const { schedule } = config.rules;
  return (
    <li
      className={`rounded-lg border bg-surface p-4 ${inUse ? 'border-accent' : 'border-line'}`}
      data-freeze-config={config.name}
    >
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_16rem]">
          <h3 className="flex flex-wrap items-center gap-2 text-heading font-semibold">
            <RegimeGlyph regime={regime} />
            <span className="min-w-0 break-words">{config.name}</span>
            <span className="text-table font-normal text-muted">version {config.version}</span>
          </h3>
          {config.description && <p className="break-words text-muted">{config.description}</p>}
          <p className="font-mono text-axis break-all text-muted">
            {rulesText(config.rules)}
            {schedule.map((stage) => `; from epoch ${stage.epoch} ${rulesText(stage)}`)}
          </p>
          <p className="text-table text-muted">
            {share !== null && (
              <>
                <span className="font-semibold text-text">{formatPercent(share)}</span> trains ·{' '}
              </>
            )}
            {plural(config.runCount, 'run')} · <Ago instant={config.createdAt} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button small aria-label={`Edit ${config.name}`} onClick={() => onEdit(config)}>
            <PencilLine aria-hidden className="size-3.5" />
            Edit
          </Button>
          <AsButton small>
            <Link
              href={`/experiments/new?configs=${encodeURIComponent(config.name)}`}
              prefetch={false}
              aria-label={`New experiment with ${config.name}`}
            >
              <Plus aria-hidden className="size-3.5" />
              New experiment
            </Link>
          </AsButton>
        </div>
      </div>
      <FreezeDiagram parts={parts} label={`What ${config.name} freezes`} />
    </li>
  );
}

/** The configurations that are there, newest first. */
export function SavedConfigs({
  configs,
  model,
  editing,
  onEdit,
}: {
  configs: readonly FreezeConfig[];
  model: DesignModel;
  editing: string | null;
  onEdit: (config: FreezeConfig) => void;
}) {
  return (
    <section aria-labelledby="saved" className="flex flex-col gap-3">
      <h2 id="saved" className="text-heading font-semibold">
        Saved configurations
      </h2>
      {configs.length === 0 ? (
        <p className="text-muted">
          None yet. Freeze parts above, or take a preset, and save it under a name: an experiment trains one
          run for each configuration it is given.
        </p>
      ) : (
        <ul className="flex flex-col gap-3">
          {configs.map((config) => (
            <ConfigCard
              key={config.id}
              config={config}
              model={model}
              inUse={config.name === editing}
              onEdit={onEdit}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
