'use client';

import Link from 'next/link';
import { Choice } from '@/components/ui/Choice';
import { Field, Select } from '@/components/ui/Field';
import type { FreezeConfig } from '@/lib/api/use-library';
import { isRecord } from '@/lib/definition/paths';
import { printList, printScalar, readList, readScalar } from '@/lib/definition/sweep';
import { readDesign, rulesText } from '@/lib/freeze-design';
import { TypedInput } from './TypedInput';
import type { FormPart } from './use-definition';

const presets = ['full', 'head-only', 'frozen'];

function Rules({ definition, set, errorAt }: FormPart) {
  const freeze = isRecord(definition.freeze) ? definition.freeze : {};
  const tasks = Array.isArray(definition.tasks) ? definition.tasks.filter(isRecord) : [];
  const preset =
    typeof freeze.preset === 'string' ? freeze.preset : definition.freeze === undefined ? '' : 'parts';
  const heads = Array.isArray(freeze.heads) ? freeze.heads.map(String) : [];
  const schedule = Array.isArray(freeze.schedule) ? freeze.schedule : [];
  const kept = schedule.length === 0 ? {} : { schedule };
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="What is frozen" error={errorAt('freeze') ?? errorAt('freeze.preset')}>
          <Select
            data-path="freeze.preset"
            value={preset}
            onChange={({ target: { value } }) =>
              set({
                freeze:
                  value === ''
                    ? undefined
                    : value === 'parts'
                      ? { embeddings: true, blocks: 0, ...kept }
                      : { preset: value, ...kept },
              })
            }
          >
            <option value="">nothing (default)</option>
            {presets.map((name) => (
              <option key={name} value={name}>
                preset {name}
              </option>
            ))}
            <option value="parts">parts of it</option>
          </Select>
        </Field>
        {preset === 'parts' && (
          <Field label="First blocks" error={errorAt('freeze.blocks')}>
            <TypedInput
              data-path="freeze.blocks"
              aria-invalid={errorAt('freeze.blocks') !== null}
              inputMode="numeric"
              placeholder="0"
              value={freeze.blocks}
              read={(text) => (text.trim() === '' ? undefined : readScalar(text.trim()))}
              print={printScalar}
              onChange={(value) => set({ freeze: { ...freeze, blocks: value } })}
            />
          </Field>
        )}
      </div>
      {preset === 'parts' && (
        <>
          <div className="flex flex-wrap gap-x-5 gap-y-1">
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                className="accent-accent"
                checked={freeze.embeddings === true}
                onChange={(event) => set({ freeze: { ...freeze, embeddings: event.target.checked } })}
              />
              Embeddings
            </label>
            {tasks.map(({ name }) => {
              const head = String(name);
              return (
                <label key={head} className="flex items-center gap-2">
                  <input
                    type="checkbox"
                    className="accent-accent"
                    checked={heads.includes(head)}
                    onChange={(event) => {
                      const next = event.target.checked
                        ? [...heads, head]
                        : heads.filter((one) => one !== head);
                      set({ freeze: { ...freeze, heads: next.length > 0 ? next : undefined } });
                    }}
                  />
                  Head: {head}
                </label>
              );
            })}
          </div>
          {errorAt('freeze.heads', true) && (
            <p className="text-table text-bad">{errorAt('freeze.heads', true)}</p>
          )}
          <Field
            label="Patterns over parameter names"
            hint="Between commas; * stands for any characters."
            error={errorAt('freeze.parameters', true)}
          >
            <TypedInput
              data-path="freeze.parameters"
              spellCheck={false}
              value={freeze.parameters}
              read={(text) => (text.trim() === '' ? undefined : readList(text))}
              print={printList}
              onChange={(value) => set({ freeze: { ...freeze, parameters: value } })}
              className="font-mono"
            />
          </Field>
        </>
      )}
      {schedule.length > 0 && (
        <p className="text-table text-muted">
          {readDesign(freeze)
            .slice(1)
            .map(({ epoch, rules }) => `From epoch ${epoch}: ${rulesText(rules)}.`)
            .join(' ')}
        </p>
      )}
      {errorAt('freeze.schedule', true) && (
        <p className="text-table text-bad">{errorAt('freeze.schedule', true)}</p>
      )}
    </div>
  );
}

/** What the runs freeze: rules of the definition's own, or stored configurations, one run for each. */
export function FreezeFields({
  configs,
  chosen,
  onChoose,
  stored,
  onStored,
  ...part
}: FormPart & {
  configs: readonly FreezeConfig[];
  /** References of the configurations that are chosen. */
  chosen: readonly string[];
  onChoose: (references: string[]) => void;
  /** Whether stored configurations are used. */
  stored: boolean;
  onStored: (stored: boolean) => void;
}) {
  const { definition, errorAt } = part;
  const design = new URLSearchParams();
  if (definition.freeze !== undefined) design.set('freeze', JSON.stringify(definition.freeze));
  if (typeof definition.model === 'string') design.set('model', definition.model);
  if (typeof definition.dataset === 'string') design.set('dataset', definition.dataset.replace(/@\d+$/, ''));
  // An experiment that is cloned names versions: the newest one is the configuration itself, not another.
  const referenceOf = ({ name, version }: FreezeConfig) =>
    chosen.find((one) => one === name || one === `${name}@${version}`) ?? name;
  const references = [...new Set([...configs.map(referenceOf), ...chosen])];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Choice
          label="Freeze by"
          value={stored ? 'configs' : 'rules'}
          options={[
            { value: 'rules', text: 'Rules of its own' },
            { value: 'configs', text: 'Saved configurations' },
          ]}
          onChange={(value) => onStored(value === 'configs')}
        />
        <Link className="link text-table" href={`/freeze?${design.toString()}`} prefetch={false}>
          Design it block by block
        </Link>
      </div>
      {!stored ? (
        <Rules {...part} />
      ) : references.length === 0 ? (
        <p className="text-muted">None is saved yet. The freeze designer saves them.</p>
      ) : (
        <fieldset className="min-w-0" data-path="freezeConfigs" tabIndex={-1}>
          <legend className="mb-1 text-table text-muted">One run for each, times the sweep</legend>
          <ul className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
            {references.map((reference) => {
              const config = configs.find((one) => referenceOf(one) === reference);
              return (
                <li key={reference}>
                  <label className="flex items-baseline gap-2">
                    <input
                      type="checkbox"
                      className="accent-accent"
                      checked={chosen.includes(reference)}
                      onChange={(event) =>
                        onChoose(
                          event.target.checked
                            ? references.filter((one) => one === reference || chosen.includes(one))
                            : chosen.filter((one) => one !== reference),
                        )
                      }
                    />
                    <span className="min-w-0 break-words">
                      {reference}
                      <span className="block text-axis text-muted">
                        {config ? rulesText(config.rules) : ''}
                      </span>
                    </span>
                  </label>
                </li>
              );
            })}
          </ul>
          {errorAt('freezeConfigs', true) && (
            <p className="mt-1 text-table text-bad">{errorAt('freezeConfigs', true)}</p>
          )}
        </fieldset>
      )}
    </div>
  );
}
