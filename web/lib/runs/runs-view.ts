import type { RunFilter, RunState } from '@/lib/generated/graphql';
import { regimes, type Regime } from '@/lib/regime';
import { printColumns, readColumn, readColumns } from '@/lib/runs/column-keys';
import { NAME_COLUMN, printWidths, readWidths, type ColumnWidths } from '@/lib/runs/column-widths';

/** What a table of runs shows and how, as its URL holds it. */
export interface RunsView {
  /** A condition in the query language. */
  query: string;
  states: RunState[];
  experiment: string | null;
  regimes: Regime[];
  group: GroupChoice | null;
  sort: { column: string; descending: boolean } | null;
  /** null: the columns that the runs themselves suggest. */
  columns: string[] | null;
  /** Widths that were changed by hand. */
  widths: ColumnWidths;
  compact: boolean;
}

export const groupChoices = ['experiment', 'regime', 'dataset', 'tag'] as const;
export type GroupChoice = (typeof groupChoices)[number];

/** States that a table is filtered by: a starting run counts as running, and only attempts are ever lost. */
export const filterStates: readonly RunState[] = ['QUEUED', 'RUNNING', 'FINISHED', 'FAILED', 'CANCELLED'];

function listParam<T extends string>(value: string | null, known: readonly T[]): T[] {
  const parts = value?.split(',') ?? [];
  return known.filter((candidate) => parts.includes(candidate));
}

/** The view that a URL's parameters describe; what they say wrong is left out. */
export function readRunsView(params: URLSearchParams): RunsView {
  const [, minus, column] = /^(-?)(.+)$/s.exec(params.get('sort') ?? '') ?? [];
  const columns = params.get('cols');
  return {
    query: params.get('q') ?? '',
    states: listParam(params.get('state'), filterStates),
    experiment: params.get('experiment'),
    regimes: listParam(params.get('regime'), regimes),
    group: groupChoices.find((choice) => choice === params.get('group')) ?? null,
    sort:
      column !== undefined && (column === NAME_COLUMN || readColumn(column))
        ? { column, descending: minus === '-' }
        : null,
    columns: columns === null ? null : readColumns(columns),
    widths: readWidths(params.get('widths') ?? ''),
    compact: params.get('rows') === 'compact',
  };
}

/** Parameters of a URL for parts of a view; what is absent stays as it is. */
export function viewParams(view: Partial<RunsView>): Record<string, string | null> {
  const params: Record<string, string | null> = {};
  if (view.query !== undefined) params.q = view.query.trim() || null;
  if (view.states !== undefined) params.state = view.states.join(',') || null;
  if (view.experiment !== undefined) params.experiment = view.experiment;
  if (view.regimes !== undefined) params.regime = view.regimes.join(',') || null;
  if (view.group !== undefined) params.group = view.group;
  if (view.sort !== undefined)
    params.sort = view.sort && `${view.sort.descending ? '-' : ''}${view.sort.column}`;
  if (view.columns !== undefined) params.cols = view.columns && printColumns(view.columns);
  if (view.widths !== undefined) params.widths = printWidths(view.widths) || null;
  if (view.compact !== undefined) params.rows = view.compact ? 'compact' : null;
  return params;
}

/** The parameters that make a view, in the order that URLs have them. */
export const viewParamNames = [
  'q',
  'state',
  'experiment',
  'regime',
  'group',
  'sort',
  'cols',
  'widths',
  'rows',
] as const;

/** The chips of a view as a filter, beside its query; null when it has none. */
export function filterOf({ states, experiment, regimes: wanted }: RunsView): RunFilter | null {
  const filter: RunFilter = {};
  if (states.length > 0) filter.state = states.includes('RUNNING') ? [...states, 'STARTING'] : states;
  if (experiment !== null) filter.experiment = experiment;
  if (wanted.length > 0) filter.query = `freeze.regime in (${wanted.map((one) => `"${one}"`).join(', ')})`;
  return Object.keys(filter).length === 0 ? null : filter;
}

/** Whether a view leaves runs out. */
export function isFiltered({ query, states, experiment, regimes: wanted }: RunsView): boolean {
  return query.trim() !== '' || states.length > 0 || experiment !== null || wanted.length > 0;
}
