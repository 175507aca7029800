'use client';

import {
  columnOrderingFeature,
  columnPinningFeature,
  columnResizingFeature,
  columnSizingFeature,
  createColumnHelper,
  functionalUpdate,
  metaHelper,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  tableOptions,
  useTable,
  type Header,
} from '@tanstack/react-table';
import { useCallback, useMemo } from 'react';
import {
  changedWidths,
  fittedWidths,
  LEAST_WIDTH,
  MOST_WIDTH,
  NAME_COLUMN,
  type SizedColumn,
} from '@/lib/runs/column-widths';
import type { RunListItem } from '@/lib/runs/run-pager';
import type { RunsView } from '@/lib/runs/runs-view';
import type { RunColumn } from './run-columns';
import type { Selection } from './RunsGrid';

const features = tableFeatures({
  columnOrderingFeature,
  columnPinningFeature,
  columnSizingFeature,
  columnResizingFeature,
  rowSelectionFeature,
  rowSortingFeature,
  columnMeta: metaHelper<RunColumn>(),
});
const helper = createColumnHelper<typeof features, RunListItem>();

/** The column of checkboxes. */
export const SELECT_COLUMN = 'select';
const SELECT_WIDTH = 36;
const columnPinning = { start: [SELECT_COLUMN, NAME_COLUMN], end: [] };

/** Names have less space where there is little. */
const NARROW = 600;

function nameColumn(space: number): SizedColumn {
  const width = space < NARROW ? 160 : 208;
  // It is pinned: others have to be seen beside it.
  return { id: NAME_COLUMN, width, most: space === 0 ? MOST_WIDTH : Math.max(width, Math.floor(space / 2)) };
}

/** The heading of a column of the runs grid. */
export type RunsGridHeader = Header<typeof features, RunListItem>;

/** The table that headings draw. */
export type RunsGridTable = ReturnType<typeof useRunsGrid>;

interface RunsGridModel {
  columns: readonly RunColumn[];
  columnOrder: readonly string[];
  view: Pick<RunsView, 'sort' | 'widths'>;
  onView(view: Partial<Pick<RunsView, 'sort' | 'widths' | 'columns'>>): void;
  selection: Selection;
  onSelect(selection: Selection): void;
  /** Runs that were read so far, in the order that the server has them in. */
  runs: readonly RunListItem[];
  /** CSS pixels from side to side; 0 as long as that is not known. */
  space: number;
}

/** The model of the runs grid: its columns, their order, widths and pinning, what it is sorted by, which of the runs that were read are selected. */
export function useRunsGrid({
  columns,
  columnOrder,
  view,
  onView,
  selection,
  onSelect,
  runs,
  space,
}: RunsGridModel) {
  const { sort, widths } = view;
  const sized = useMemo((): SizedColumn[] => {
    const byId = new Map(columns.map((column) => [column.id, column]));
    const ordered = columnOrder.flatMap((id) => byId.get(id) ?? []);
    return [nameColumn(space), ...ordered.map(({ id, width }) => ({ id, width, most: MOST_WIDTH }))];
  }, [columns, columnOrder, space]);
  const drawn = useMemo(() => fittedWidths(sized, widths, space - SELECT_WIDTH), [sized, widths, space]);
  const definitions = useMemo(
    () =>
      helper.columns([
        helper.display({ id: SELECT_COLUMN, size: SELECT_WIDTH, enableResizing: false }),
        helper.accessor('name', {
          id: NAME_COLUMN,
          header: 'Name',
          size: drawn.get(NAME_COLUMN)!,
          minSize: LEAST_WIDTH,
          maxSize: sized[0]!.most,
          sortDescFirst: false,
        }),
        ...columns.map((column) =>
          helper.accessor((run) => run, {
            id: column.id,
            header: column.title,
            size: drawn.get(column.id)!,
            minSize: LEAST_WIDTH,
            maxSize: MOST_WIDTH,
            enableSorting: column.sortable,
            sortDescFirst: column.beginsDescending,
            meta: column,
          }),
        ),
      ]),
    [columns, drawn, sized],
  );

  // A run may be in several groups.
  const byId = useMemo(() => new Map(runs.map((run) => [run.id, run])), [runs]);
  const data = useMemo(() => [...byId.values()], [byId]);
  const rowSelection = useMemo(
    () => Object.fromEntries([...selection.keys()].map((id) => [id, true as const])),
    [selection],
  );
  const sorting = useMemo(() => (sort ? [{ id: sort.column, desc: sort.descending }] : []), [sort]);

  // The same as long as nothing changes but the rows in view: the heading is then not drawn again.
  const options = useMemo(
    () =>
      tableOptions({
        features,
        columns: definitions,
        data,
        getRowId: ({ id }) => id,
        enableMultiSort: false,
        manualSorting: true,
        state: { columnOrder: [...columnOrder], columnPinning, columnSizing: widths, rowSelection, sorting },
        onColumnOrderChange: (updater) => onView({ columns: functionalUpdate(updater, [...columnOrder]) }),
        onColumnSizingChange: (updater) =>
          onView({ widths: changedWidths(sized, drawn, widths, functionalUpdate(updater, widths)) }),
        onSortingChange(updater) {
          const [first] = functionalUpdate(updater, sorting);
          onView({ sort: first ? { column: first.id, descending: first.desc } : null });
        },
        onRowSelectionChange(updater) {
          const chosen = Object.keys(functionalUpdate(updater, rowSelection));
          onSelect(new Map(chosen.map((id) => [id, byId.get(id)?.state ?? selection.get(id)!])));
        },
      }),
    [
      ...[definitions, data, byId, columnOrder, sized, drawn, widths],
      ...[rowSelection, selection, sorting, onView, onSelect],
    ],
  );
  const table = useTable(options);

  const { getRowModel } = table;
  const toggleRun = useCallback(
    (id: string, event?: unknown) => {
      const row = getRowModel().rowsById[id];
      row?.getToggleSelectedHandler()(event ?? { target: { checked: !row.getIsSelected() } });
    },
    [getRowModel],
  );
  return useMemo(
    () => ({
      ...table,
      /** Selects a run or no longer; by a mouse with Shift, those between it and the last one too. */
      toggleRun,
      /** How wide a column is now, also while its edge is being dragged. */
      widthOf({ column }: RunsGridHeader): number {
        const { minSize = LEAST_WIDTH, maxSize = MOST_WIDTH } = column.columnDef;
        const by = column.getIsResizing() ? (table.state.columnResizing.deltaOffset ?? 0) : 0;
        return Math.round(Math.min(maxSize, Math.max(minSize, column.getSize() + by)));
      },
    }),
    [table, toggleRun],
  );
}
