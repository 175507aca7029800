'use client';

import { Rows3, Rows4 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { FirstRunSnippets } from '@/components/overview/FirstRunSnippets';
import { Button } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useExperimentNames } from '@/lib/api/use-experiment-names';
import { groupChoices, isFiltered, readRunsView, viewParams, type GroupChoice } from '@/lib/runs/runs-view';
import { useUrlState } from '@/lib/url-state';
import { BulkActions } from './BulkActions';
import { ColumnChooser } from './ColumnChooser';
import { QueryBar } from './QueryBar';
import { FilterCulprits, RunFilters } from './RunFilters';
import { RunsGrid, type Selection } from './RunsGrid';
import { useRunsTable } from './use-runs-table';
import { ViewsMenu } from './ViewsMenu';

const groupNames: Record<GroupChoice, string> = {
  experiment: 'experiment',
  regime: 'freeze regime',
  dataset: 'dataset',
  tag: 'tag',
};

/** A count to the last one: here it says what a filter does. */
function count(number: number, one: string): string {
  return `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;
}

/** All runs, live, as the URL says: filtered, ordered, grouped; what is selected is compared, tagged or cancelled. */
export function RunsPage() {
  const [params, change] = useUrlState();
  const text = params.toString();
  const view = useMemo(() => readRunsView(new URLSearchParams(text)), [text]);
  const experiments = useExperimentNames();
  const [selection, setSelection] = useState<Selection>(new Map());
  const table = useRunsTable(view);
  const filtered = isFiltered(view);

  return (
    <Page
      title="Runs"
      lead="Select two or more and compare them: the first one selected is the baseline."
      actions={
        <BulkActions
          selection={selection}
          onSelect={setSelection}
          total={table.total}
          query={table.listQuery}
          loaded={table.loaded}
          onDeleted={table.refresh}
        />
      }
    >
      <QueryBar value={view.query} onApply={(query) => change(viewParams({ query }))} />
      <RunFilters view={view} experiments={experiments}>
        <span className="flex flex-1 flex-wrap items-center gap-2">
          <span role="status" className="mr-auto text-table text-muted">
            {table.total > 0 && count(table.total, 'run')}
            {table.total > 0 && view.group !== null && ` in ${count(table.groupCount, 'group')}`}
            {view.group !== null &&
              table.groupCount > table.sections.length &&
              `, of which the ${table.sections.length} newest are shown`}
          </span>
          <label className="flex items-center gap-2 text-table">
            <span className="text-muted">Group by</span>
            <select
              value={view.group ?? ''}
              onChange={(event) =>
                change(viewParams({ group: groupChoices.find((one) => one === event.target.value) ?? null }))
              }
              className="h-7 rounded-md border border-line bg-surface px-2"
            >
              <option value="">nothing</option>
              {groupChoices.map((choice) => (
                <option key={choice} value={choice}>
                  {groupNames[choice]}
                </option>
              ))}
            </select>
          </label>
          <ViewsMenu />
          <ColumnChooser
            shown={table.columnIds}
            isDefault={view.columns === null && Object.keys(view.widths).length === 0}
            onChange={(columns) => change(viewParams({ columns }))}
            onReset={() => change(viewParams({ columns: null, widths: {} }))}
          />
          <Button
            small
            aria-pressed={view.compact}
            aria-label="Compact rows"
            title="Compact rows"
            onClick={() => change(viewParams({ compact: !view.compact }))}
          >
            {view.compact ? (
              <Rows4 aria-hidden className="size-3.5" />
            ) : (
              <Rows3 aria-hidden className="size-3.5" />
            )}
          </Button>
        </span>
      </RunFilters>
      {table.error ? (
        <ErrorState error={table.error} retry={table.refresh} />
      ) : table.loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={8} label="Loading runs" />
        </div>
      ) : table.total === 0 && filtered ? (
        <EmptyState title="No run passes the filter">
          <FilterCulprits view={view} />
        </EmptyState>
      ) : table.total === 0 ? (
        <EmptyState title="No runs yet">
          <FirstRunSnippets />
        </EmptyState>
      ) : (
        <RunsGrid
          sections={table.sections}
          columns={table.columns}
          runAt={table.runAt}
          onShow={table.show}
          onOpenGroup={table.toggleGroup}
          columnOrder={table.columnIds}
          view={view}
          onView={(part) => change(viewParams(part))}
          selection={selection}
          onSelect={setSelection}
          loaded={table.loaded}
          version={table.version}
          listKey={table.listKey}
        />
      )}
    </Page>
  );
}
