'use client';

import { useCallback, useMemo, useState } from 'react';
import { toApiError } from '@/lib/api/errors';
import { defaultColumns, orderOf, readColumn, type Measured } from '@/lib/runs/column-keys';
import { NAME_COLUMN } from '@/lib/runs/column-widths';
import type { RunListItem, RunListQuery } from '@/lib/runs/run-pager';
import { filterOf, type RunsView } from '@/lib/runs/runs-view';
import { useNewestMeasured, useRunGroups } from '@/lib/runs/use-run-groups';
import { useRunLists, type RunListSection } from '@/lib/runs/use-run-lists';
import { groupMetrics, runColumns } from './run-columns';
import type { GridSection } from './RunsGrid';

const ALL = 'all';
const noRuns: readonly Measured[] = [];
/** Fields whose values change while a run goes on. */
const moving = ['duration', 'compute', 'state'];

/** Everything that the table of runs draws, as a view asks for it. */
export function useRunsTable(view: RunsView) {
  const where = useMemo(() => filterOf(view), [view]);
  const query = view.query.trim() || null;
  const filter = useMemo(() => ({ where, query }), [where, query]);
  const newest = useNewestMeasured(filter);
  const measured = newest.measured ?? noRuns;

  // Columns change when what was logged does, not whenever a run is added.
  const suggested = useMemo(() => defaultColumns(measured), [measured]);
  const columnIds = view.columns ?? suggested;
  // Nor when they are moved: what is asked for stays the same.
  const columnText = JSON.stringify([...columnIds].sort());
  const metricText = JSON.stringify(
    [...new Set(measured.flatMap(({ metrics }) => metrics.map(({ name }) => name)))].sort(),
  );
  const drawn = useMemo(() => {
    const names = (JSON.parse(metricText) as string[]).map((name) => ({ name }));
    return {
      ...runColumns(JSON.parse(columnText) as string[], [{ metrics: names }]),
      logged: [{ metrics: names }],
    };
  }, [columnText, metricText]);

  const sortKey = view.sort && (view.sort.column === NAME_COLUMN ? null : readColumn(view.sort.column));
  const orderBy = useMemo((): RunListQuery['orderBy'] => {
    if (view.sort === null) return [];
    const direction = view.sort.descending ? ('DESC' as const) : ('ASC' as const);
    if (view.sort.column === NAME_COLUMN) return [{ field: 'NAME', direction }];
    const order = sortKey && orderOf(sortKey, drawn.logged);
    return order ? [{ ...order, direction }] : [];
  }, [view.sort, sortKey, drawn.logged]);
  const moves =
    sortKey != null &&
    (sortKey.kind === 'metric' ||
      sortKey.kind === 'loss' ||
      sortKey.kind === 'accuracy' ||
      (sortKey.kind === 'field' && moving.includes(sortKey.field)));

  const grouped = useRunGroups(
    view.group,
    filter,
    useMemo(() => groupMetrics(drawn.columns), [drawn.columns]),
  );
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const keyOf = useCallback((value: string | null) => `${view.group} ${JSON.stringify(value)}`, [view.group]);

  const ready = newest.measured !== null || newest.error !== null;
  const listQuery = useMemo(
    (): RunListQuery => ({ ...filter, orderBy, metrics: drawn.metrics, settings: drawn.settings }),
    [filter, orderBy, drawn.metrics, drawn.settings],
  );
  const lists = useMemo((): RunListSection[] => {
    if (!ready) return [];
    if (view.group === null) return [{ key: ALL, query: listQuery }];
    return grouped.groups
      .filter(({ value }) => opened.has(keyOf(value)))
      .map(({ value, condition }) => ({
        key: keyOf(value),
        query: { ...listQuery, where: { and: [...(where === null ? [] : [where]), { query: condition }] } },
      }));
  }, [ready, view.group, listQuery, grouped.groups, opened, keyOf, where]);

  const { reload: reloadGroups } = grouped;
  const { reload: reloadNewest } = newest;
  const onStale = useCallback(() => {
    reloadGroups();
    reloadNewest();
  }, [reloadGroups, reloadNewest]);
  const runs = useRunLists(lists, { metrics: drawn.metrics, settings: drawn.settings, moves, onStale });
  const { pagerOf, version } = runs;

  const all = pagerOf(ALL);
  const sections = useMemo((): GridSection[] => {
    if (view.group === null)
      return [{ key: ALL, count: all?.total ?? 0, headed: false, open: true, group: null }];
    return grouped.groups.map((group) => {
      const key = keyOf(group.value);
      return { key, count: pagerOf(key)?.total ?? group.count, headed: true, open: opened.has(key), group };
    });
    // The pagers' totals come with their version.
  }, [view.group, all, grouped.groups, opened, keyOf, pagerOf, version]);

  const listError = all?.error ?? null;
  return {
    /** Changes when there are other runs to show, or in another order. */
    listKey: JSON.stringify([where, query, orderBy, view.group]),
    sections,
    columns: drawn.columns,
    columnIds,
    listQuery,
    version,
    total: view.group === null ? (all?.total ?? newest.total ?? 0) : (newest.total ?? 0),
    groupCount: grouped.totalCount,
    loading:
      !ready ||
      (view.group === null ? all !== null && all.total === null && listError === null : grouped.loading),
    error:
      newest.error ??
      grouped.error ??
      (view.group === null && listError && all?.total === null ? toApiError(listError) : null),
    refresh: useCallback(() => {
      reloadGroups();
      reloadNewest();
      runs.refresh();
    }, [reloadGroups, reloadNewest, runs]),
    runAt: useCallback(
      (section: string, index: number): RunListItem | null => pagerOf(section)?.at(index) ?? null,
      // Rows that are drawn again ask again.
      [pagerOf, version],
    ),
    show: useCallback(
      (section: string, first: number, last: number) => pagerOf(section)?.show(first, last),
      [pagerOf],
    ),
    loaded: useCallback(() => lists.flatMap(({ key }) => pagerOf(key)?.loaded() ?? []), [lists, pagerOf]),
    toggleGroup: (key: string) =>
      setOpened((before) => {
        const next = new Set(before);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
  };
}
