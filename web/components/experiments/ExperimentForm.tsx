'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Card } from '@/components/ui/Card';
import { Field } from '@/components/ui/Field';
import { useCreateAndLaunch } from '@/lib/api/use-experiments';
import type { DatasetSummary, FreezeConfig } from '@/lib/api/use-library';
import { usePlan } from '@/lib/api/use-plan';
import { placeOf, type Json } from '@/lib/definition/paths';
import { schemaFields } from '@/lib/definition/schema-fields';
import { printScalar, readScalar } from '@/lib/definition/sweep';
import { DataFields } from './DataFields';
import { FreezeFields } from './FreezeFields';
import { JsonEditor } from './JsonEditor';
import { PlanCard, type Problem } from './PlanCard';
import { SettingField } from './SettingField';
import { SweepBuilder } from './SweepBuilder';
import { TypedInput } from './TypedInput';
import { useDefinition, type FormPart } from './use-definition';

/** Settings that most experiments change; the others wait behind a click. */
const common = ['epochs', 'batchSize', 'learningRate', 'maxLength', 'dropout', 'seed'].map(
  (name) => `training.${name}`,
);

/** An experiment as a form and as JSON side by side: one definition, edited from either side and checked while it is. */
export function ExperimentForm({
  initial,
  initialConfigs,
  schema,
  datasets,
  configs,
}: {
  initial: Json;
  initialConfigs: readonly string[];
  schema: unknown;
  datasets: readonly DatasetSummary[];
  configs: readonly FreezeConfig[];
}) {
  const router = useRouter();
  const { text, definition, fault, setText, set } = useDefinition(initial);
  const [stored, setStored] = useState(initialConfigs.length > 0);
  const [chosen, setChosen] = useState<readonly string[]>(initialConfigs);
  const [priority, setPriority] = useState<unknown>(undefined);
  const { perform, pending, error: refused } = useCreateAndLaunch();
  const fields = useMemo(() => schemaFields(schema, 'training'), [schema]);
  const name = typeof definition.name === 'string' ? definition.name.trim() : '';
  const freezeConfigs = stored ? [...chosen] : [];
  const {
    plan,
    settled,
    error: unreachable,
  } = usePlan({
    definition,
    ...(name !== '' && { name }),
    ...(freezeConfigs.length > 0 && { freezeConfigs }),
  });
  const problems: Problem[] = [
    ...(fault === null ? [] : [{ path: '', message: `JSON: ${fault}` }]),
    ...(name === '' ? [{ path: 'name', message: 'name: expected a name that no other experiment has' }] : []),
    ...(stored && chosen.length === 0
      ? [{ path: 'freezeConfigs', message: 'freezeConfigs: expected at least one, or rules of its own' }]
      : []),
    ...(plan?.errors.map(({ path, message }) => ({ path: path ?? null, message })) ?? []),
  ];
  const errorAt: FormPart['errorAt'] = (path, below = false) =>
    problems.find((one) => one.path === path || (below && one.path?.startsWith(`${path}.`)))?.message ?? null;
  const part: FormPart = { definition, set, errorAt };
  const editor = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFieldSetElement>(null);
  const more = useRef<HTMLDetailsElement>(null);

  /** Leads to the field that a path is about; where the form has none, to its place in the text. */
  const show = useCallback(
    (path: string) => {
      const steps = path.split('.');
      // An error may lie within what one field is about, such as the third value of a list.
      const field = steps
        .map((_, left) => steps.slice(0, steps.length - left).join('.'))
        .map((at) => form.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(at)}"]`))
        .find((found) => found != null);
      if (field && path !== '') {
        if (more.current?.contains(field)) more.current.open = true;
        field.focus();
        return;
      }
      const place = placeOf(text, path);
      editor.current?.focus();
      if (place) editor.current?.setSelectionRange(place.start, place.end);
    },
    [text],
  );
  const launch = async () => {
    const wanted = typeof priority === 'number' ? priority : 0;
    if (await perform({ name, definition, freezeConfigs }, wanted))
      router.push(`/runs?experiment=${encodeURIComponent(name)}`);
  };
  const rare = fields.filter(({ path }) => !common.includes(path));

  return (
    <div className="grid min-w-0 gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] xl:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]">
      <fieldset
        ref={form}
        disabled={fault !== null}
        className="flex min-w-0 flex-col gap-4 disabled:opacity-60"
      >
        <legend className="sr-only">Experiment</legend>
        <Card title="Data and model">
          <DataFields {...part} datasets={datasets} />
        </Card>
        <Card title="Freeze">
          <FreezeFields
            {...part}
            configs={configs}
            chosen={chosen}
            onChoose={setChosen}
            stored={stored}
            onStored={setStored}
          />
        </Card>
        <Card title="Training">
          <div className="grid grid-cols-2 gap-4 xl:grid-cols-3">
            {common.map((path) => {
              const field = fields.find((one) => one.path === path);
              return field && <SettingField key={path} field={field} {...part} />;
            })}
          </div>
          <details ref={more} className="mt-4">
            <summary className="text-table text-muted hover:text-text">{rare.length} more settings</summary>
            <div className="mt-3 grid grid-cols-2 gap-4 xl:grid-cols-3">
              {rare.map((field) => (
                <SettingField key={field.path} field={field} {...part} />
              ))}
            </div>
          </details>
        </Card>
        <Card title="Sweep">
          <SweepBuilder
            {...part}
            fields={fields}
            count={settled && plan !== null && plan.errors.length === 0 ? plan.count : null}
          />
        </Card>
        <Card title="Queue">
          <Field label="Priority" hint="From −100 to 100: what has more goes first.">
            <TypedInput
              inputMode="numeric"
              placeholder="0"
              value={priority}
              read={(typed) => (typed.trim() === '' ? undefined : readScalar(typed.trim()))}
              print={printScalar}
              onChange={setPriority}
              className="w-24"
            />
          </Field>
        </Card>
      </fieldset>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-4 lg:self-start">
        <PlanCard
          plan={plan}
          problems={problems}
          checking={!settled}
          unreachable={unreachable}
          refused={refused}
          pending={pending}
          onShow={show}
          onLaunch={() => void launch()}
        />
        <JsonEditor ref={editor} text={text} fault={fault} onChange={setText} />
      </div>
    </div>
  );
}
