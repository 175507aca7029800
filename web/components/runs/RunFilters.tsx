'use client';

import type { ReactNode } from 'react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { regimeMeanings, regimeNames, regimes } from '@/lib/regime';
import { filterStates, viewParams, type RunsView } from '@/lib/runs/runs-view';
import { useUrlState } from '@/lib/url-state';
import { stateLooks } from './RunStateBadge';

function toggled<T>(list: readonly T[], entry: T): T[] {
  return list.includes(entry) ? list.filter((other) => other !== entry) : [...list, entry];
}

const chip =
  'inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-table whitespace-nowrap aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent border-line bg-surface hover:border-line-strong';

/** On telephones a row of chips scrolls instead of pushing the table down. */
const row = 'flex min-w-0 gap-1.5 max-sm:-mx-1 max-sm:overflow-x-auto max-sm:px-1 max-sm:py-1 sm:flex-wrap';

/** Filter chips of the runs table; every choice is in the URL. */
export function RunFilters({
  view,
  experiments,
  children,
}: {
  view: RunsView;
  experiments: readonly string[];
  /** Further controls in the same line. */
  children?: ReactNode;
}) {
  const [, change] = useUrlState();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <label className="flex min-w-0 items-center gap-2 text-table">
        <span className="text-muted">Experiment</span>
        <select
          value={view.experiment ?? ''}
          onChange={(event) => change(viewParams({ experiment: event.target.value || null }))}
          className="h-7 max-w-44 rounded-md border border-line bg-surface px-2"
        >
          <option value="">All</option>
          {view.experiment !== null && !experiments.includes(view.experiment) && (
            <option value={view.experiment}>{view.experiment}</option>
          )}
          {experiments.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div role="group" aria-label="Filter by freeze regime" className={row}>
        {regimes.map((regime) => (
          <button
            key={regime}
            type="button"
            aria-pressed={view.regimes.includes(regime)}
            title={regimeMeanings[regime]}
            className={chip}
            onClick={() => change(viewParams({ regimes: toggled(view.regimes, regime) }))}
          >
            <RegimeGlyph regime={regime} />
            {regimeNames[regime]}
          </button>
        ))}
      </div>
      <div role="group" aria-label="Filter by state" className={row}>
        {filterStates.map((state) => {
          const { name, icon: Icon, tone } = stateLooks[state];
          return (
            <button
              key={state}
              type="button"
              aria-pressed={view.states.includes(state)}
              className={chip}
              onClick={() => change(viewParams({ states: toggled(view.states, state) }))}
            >
              <Icon aria-hidden className={`size-3.5 ${tone}`} />
              {name}
            </button>
          );
        })}
      </div>
      {children}
    </div>
  );
}

/** Names what excludes every run; one click removes it. */
export function FilterCulprits({ view }: { view: RunsView }) {
  const [, change] = useUrlState();
  const culprits = [
    view.query.trim() !== '' && { name: 'query', text: view.query, params: viewParams({ query: '' }) },
    view.experiment !== null && {
      name: 'experiment',
      text: `experiment ${view.experiment}`,
      params: viewParams({ experiment: null }),
    },
    view.states.length > 0 && {
      name: 'state',
      text: `state ${view.states.map((state) => stateLooks[state].name).join(' or ')}`,
      params: viewParams({ states: [] }),
    },
    view.regimes.length > 0 && {
      name: 'regime',
      text: `regime ${view.regimes.map((regime) => regimeNames[regime]).join(' or ')}`,
      params: viewParams({ regimes: [] }),
    },
  ].filter((culprit) => culprit !== false);
  return (
    <>
      <p>
        {culprits.length === 1
          ? 'One condition leaves every run out:'
          : 'Together these leave every run out:'}
      </p>
      <div className="flex flex-wrap gap-2">
        {culprits.map(({ name, text, params }) => (
          <button
            key={name}
            type="button"
            className={`${chip} h-auto min-h-7 max-w-full whitespace-normal`}
            onClick={() => change(params)}
          >
            <span className="min-w-0 break-words">
              Remove {name === 'query' ? <code className="font-mono">{text}</code> : text}
            </span>
            <span aria-hidden>×</span>
          </button>
        ))}
      </div>
    </>
  );
}
