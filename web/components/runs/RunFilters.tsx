'use client';

import { stateLooks } from './RunStateBadge';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import type { RunState } from '@/lib/generated/graphql';
import { regimeNames, regimes, type Regime } from '@/lib/regime';
import { useUrlState } from '@/lib/url-state';

const states = Object.keys(stateLooks) as RunState[];

export interface RunFilter {
  states: RunState[];
  experiment: string | null;
  regimes: Regime[];
}

function listParam<T extends string>(value: string | null, known: readonly T[]): T[] {
  const parts = value?.split(',') ?? [];
  return known.filter((candidate) => parts.includes(candidate));
}

/** The filter as the URL holds it: state=FINISHED,FAILED&experiment=…&regime=full. */
export function readRunFilter(params: URLSearchParams): RunFilter {
  return {
    states: listParam(params.get('state'), states),
    experiment: params.get('experiment'),
    regimes: listParam(params.get('regime'), regimes),
  };
}

function toggled<T>(list: readonly T[], entry: T): T[] {
  return list.includes(entry) ? list.filter((other) => other !== entry) : [...list, entry];
}

const chip =
  'inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-table whitespace-nowrap aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent border-line bg-surface hover:border-line-strong';

/** Filter bar of the runs table; every choice is in the URL. */
export function RunFilters({ filter, experiments }: { filter: RunFilter; experiments: readonly string[] }) {
  const [, change] = useUrlState();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <label className="flex items-center gap-2 text-table">
        <span className="text-muted">Experiment</span>
        <select
          value={filter.experiment ?? ''}
          onChange={(event) => change({ experiment: event.target.value || null })}
          className="h-7 max-w-52 rounded-md border border-line bg-surface px-2"
        >
          <option value="">All</option>
          {filter.experiment !== null && !experiments.includes(filter.experiment) && (
            <option value={filter.experiment}>{filter.experiment}</option>
          )}
          {experiments.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div role="group" aria-label="Filter by freeze regime" className="flex flex-wrap gap-1.5">
        {regimes.map((regime) => (
          <button
            key={regime}
            type="button"
            aria-pressed={filter.regimes.includes(regime)}
            className={chip}
            onClick={() => change({ regime: toggled(filter.regimes, regime).join(',') })}
          >
            <RegimeGlyph regime={regime} />
            {regimeNames[regime]}
          </button>
        ))}
      </div>
      <div role="group" aria-label="Filter by state" className="flex flex-wrap gap-1.5">
        {states
          // A starting run counts as running; only attempts are ever lost.
          .filter((state) => state !== 'STARTING' && state !== 'LOST')
          .map((state) => {
            const { name, icon: Icon, tone } = stateLooks[state];
            return (
              <button
                key={state}
                type="button"
                aria-pressed={filter.states.includes(state)}
                className={chip}
                onClick={() => change({ state: toggled(filter.states, state).join(',') })}
              >
                <Icon aria-hidden className={`size-3.5 ${tone}`} />
                {name}
              </button>
            );
          })}
      </div>
    </div>
  );
}

/** Names what excludes every run; one click removes it. */
export function FilterCulprits({ filter }: { filter: RunFilter }) {
  const [, change] = useUrlState();
  const culprits = [
    filter.experiment !== null && { param: 'experiment', text: `experiment ${filter.experiment}` },
    filter.states.length > 0 && {
      param: 'state',
      text: `state ${filter.states.map((state) => stateLooks[state].name).join(' or ')}`,
    },
    filter.regimes.length > 0 && {
      param: 'regime',
      text: `regime ${filter.regimes.map((regime) => regimeNames[regime]).join(' or ')}`,
    },
  ].filter((culprit) => culprit !== false);
  return (
    <div className="flex flex-wrap gap-2">
      {culprits.map(({ param, text }) => (
        <button key={param} type="button" className={chip} onClick={() => change({ [param]: null })}>
          Remove {text} <span aria-hidden>×</span>
        </button>
      ))}
    </div>
  );
}
