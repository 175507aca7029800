'use client';

import { FlaskConical, Save, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useMemo, useState } from 'react';
import { AsButton, Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Field, Select } from '@/components/ui/Field';
import { Page } from '@/components/ui/Page';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { ModelInput } from '@/components/experiments/ModelInput';
import { useAdvice } from '@/lib/api/use-advice';
import { useFreezeConfigs, type FreezeConfig } from '@/lib/api/use-library';
import { usePlan } from '@/lib/api/use-plan';
import { formatCount } from '@/lib/format';
import { modelParts, type FreezeRulesLike } from '@/lib/freeze';
import {
  boundaryOf,
  isAtBoundary,
  readDesign,
  setFrozen,
  tidyRules,
  writeDesign,
  type Design,
} from '@/lib/freeze-design';
import { isTyping } from '@/lib/typing';
import { AdviceCard } from './AdviceCard';
import { DesignFigures } from './DesignFigures';
import { ModelStack } from './ModelStack';
import { PresetCards } from './PresetCards';
import { SavedConfigs } from './SavedConfigs';
import { SaveDialog } from './SaveDialog';
import { ScheduleCard } from './ScheduleCard';
import { useDesign } from './use-design';
import { useSubject } from './use-subject';

const lead =
  'Which parts of the model stay as they are, what that leaves to train, and what it costs. Experiments train one run for each saved configuration.';

/** Designs what is frozen: by hand, by preset or by advice; with what it costs, and saved under a name. */
export function FreezePage() {
  const { configs, definition: newest, loading, error, reload } = useFreezeConfigs();
  const { design, setDesign, undo, params, change } = useDesign();
  const subject = useSubject(newest, params);
  const [stage, setStage] = useState(0);
  const [saving, setSaving] = useState(false);
  const model = subject.drawn;
  const active = Math.min(stage, design.length - 1);
  const rules = tidyRules(design[active]!.rules, model);
  const parts = modelParts(rules, model);
  const written = useMemo(() => writeDesign(design), [design]);
  const definition = useMemo(
    () => subject.definition && { ...subject.definition, freeze: written },
    [subject.definition, written],
  );
  const { plan, settled, error: unplanned } = usePlan(definition && { definition }, { steps: true });
  const advice = useAdvice(subject.definition);
  const editing = configs.find(({ name }) => name === params.get('config')) ?? null;
  const setRules = (next: FreezeRulesLike, together = false) =>
    setDesign(
      design.map((one, index) => (index === active ? { ...one, rules: next } : one)) as unknown as Design,
      together,
    );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping(event)) return;
      event.preventDefault();
      undo?.();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [undo]);

  const edit = (config: FreezeConfig) => {
    setDesign(readDesign(config.rules));
    change({ config: config.name });
    setStage(0);
    scrollTo({ top: 0 });
  };
  const experiment = new URLSearchParams({ freeze: JSON.stringify(written) });
  if (subject.model !== null) experiment.set('model', subject.model);
  if (subject.dataset !== null) experiment.set('dataset', subject.dataset);

  if (error || loading || subject.loading)
    return (
      <Page title="Freeze designer" lead={lead}>
        {error ? (
          <ErrorState error={error} retry={reload} />
        ) : (
          <div className="rounded-lg border border-line bg-surface">
            <SkeletonLines lines={8} label="Loading the freeze designer" />
          </div>
        )}
      </Page>
    );
  return (
    <Page
      title="Freeze designer"
      lead={lead}
      actions={
        <>
          <Button disabled={undo === null} aria-keyshortcuts="Control+Z Meta+Z" onClick={() => undo?.()}>
            <Undo2 aria-hidden className="size-4" />
            Undo
          </Button>
          <AsButton>
            <Link href={`/experiments/new?${experiment.toString()}`} prefetch={false}>
              <FlaskConical aria-hidden className="size-4" />
              New experiment
            </Link>
          </AsButton>
          <Button look="primary" onClick={() => setSaving(true)}>
            <Save aria-hidden className="size-4" />
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2 lg:max-w-[60rem]">
        <Field
          label="Model"
          hint={model.layout ? undefined : 'Parameter counts show once the model is known.'}
        >
          <ModelInput value={subject.model ?? ''} onCommit={(value) => change({ model: value || null })} />
        </Field>
        <Field label="Dataset" hint={subject.datasets.length === 0 ? 'None is stored yet.' : undefined}>
          <Select
            value={subject.dataset ?? ''}
            onChange={(event) => change({ dataset: event.target.value || null })}
          >
            <option value="">none</option>
            {subject.dataset !== null && !subject.datasets.some(({ name }) => name === subject.dataset) && (
              <option value={subject.dataset}>{subject.dataset}</option>
            )}
            {subject.datasets.map(({ id, name, rowCount }) => (
              <option key={id} value={name}>
                {name} ({formatCount(rowCount)} rows)
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <div className="grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(14rem,1fr)] 2xl:grid-cols-[minmax(0,3fr)_minmax(24rem,1fr)]">
        <Card
          title={
            design.length > 1 ? `Stage ${active + 1}, from epoch ${design[active]!.epoch}` : 'What is frozen'
          }
          note={
            model.layout
              ? `${model.blocks} blocks, ${formatCount(parts.reduce((sum, part) => sum + (part.parameters ?? 0), 0))} parameters`
              : undefined
          }
        >
          <ModelStack
            parts={parts}
            onFreeze={(keys, frozen, together) => setRules(setFrozen(rules, keys, frozen, model), together)}
          />
          <p className="mt-3 text-axis text-muted">
            Click a part, or drag over several; Shift takes all between. Keys: arrows move, Space freezes or
            frees, Shift with an arrow goes on, Ctrl Z takes back.
          </p>
        </Card>
        <div className="flex min-w-0 flex-col gap-3">
          <DesignFigures
            parts={parts}
            rules={rules}
            model={model}
            advice={advice.advice}
            planned={settled ? (plan?.runs[0] ?? null) : null}
            estimate={plan?.runs[0]?.stepEstimates?.[active] ?? null}
            estimating={!settled}
          />
          {unplanned && <ErrorState error={unplanned} />}
          {plan?.errors.map((one) => (
            <ErrorState key={`${one.path} ${one.message}`} error={{ ...one, path: one.path ?? null }} />
          ))}
        </div>
      </div>
      <ScheduleCard
        design={design}
        model={model}
        epochs={subject.epochs}
        active={active}
        onActive={setStage}
        onChange={setDesign}
      />
      <section aria-labelledby="presets" className="flex flex-col gap-3">
        <h2 id="presets" className="text-heading font-semibold">
          Presets, and when each fits
        </h2>
        <PresetCards
          model={model}
          rules={rules}
          advice={advice.advice}
          examples={subject.examples}
          onUse={(next) => setRules(next)}
        />
      </section>
      <AdviceCard
        advice={advice}
        ready={subject.definition !== null}
        boundary={isAtBoundary(rules, model) ? boundaryOf(rules, model) : null}
        onUse={(freeze) => setRules(tidyRules(readDesign(freeze)[0].rules, model))}
      />
      <SavedConfigs configs={configs} model={model} editing={editing?.name ?? null} onEdit={edit} />
      {saving && (
        <SaveDialog
          rules={written}
          configs={configs}
          editing={editing}
          onClose={() => setSaving(false)}
          onSaved={(config) => {
            setSaving(false);
            change({ config: config.name });
            reload();
          }}
        />
      )}
    </Page>
  );
}
