'use client';

import { ChartLine as ChartIcon, Download, Maximize2, Table2 } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { ActionMenu, MenuItem } from '@/components/ui/ActionMenu';
import { exportChart, exportFormats, type ExportSource } from './export-chart';

/** A chart with its title, its notes, the table behind it and the ways to take it away. */
export function ChartFigure({
  title,
  notes = [],
  controls,
  wide = false,
  table,
  source = null,
  onEnlarge,
  children,
}: {
  title: string;
  notes?: readonly (string | false | null)[];
  /** Choices of this chart alone. */
  controls?: ReactNode;
  /** Takes a whole row of the grid of charts. */
  wide?: boolean;
  table: () => ReactNode;
  /** What to export; null while there is nothing. */
  source?: ExportSource | null;
  /** Shows it over the whole window. */
  onEnlarge?: () => void;
  children: ReactNode;
}) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const said = notes.filter(Boolean);
  const Icon = asTable ? ChartIcon : Table2;
  return (
    <figure
      aria-labelledby={id}
      className={`min-w-0 rounded-lg border border-line bg-surface ${wide ? 'md:col-span-2' : ''}`}
    >
      <figcaption className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-1.5 pr-2 pl-4">
        <span className="min-w-0 flex-1">
          <span id={id} className="font-medium">
            {title}
          </span>
          {said.length > 0 && <span className="ml-2 text-axis text-muted">{said.join(' · ')}</span>}
        </span>
        <span className="flex flex-wrap items-center gap-1">
          {controls}
          <Button
            look="ghost"
            small
            aria-label={asTable ? `${title}: view as chart` : `${title}: view as table`}
            title={asTable ? 'View as chart' : 'View as table'}
            onClick={() => setAsTable(!asTable)}
          >
            <Icon aria-hidden className="size-3.5" />
          </Button>
          {onEnlarge && (
            <Button look="ghost" small aria-label={`${title}: enlarge`} title="Enlarge" onClick={onEnlarge}>
              <Maximize2 aria-hidden className="size-3.5" />
            </Button>
          )}
          {source && (
            <ActionMenu
              trigger={
                <Button look="ghost" small aria-label={`${title}: export`} title="Export">
                  <Download aria-hidden className="size-3.5" />
                </Button>
              }
            >
              {exportFormats
                .filter((format) => source.picture || format === 'CSV' || format === 'JSON')
                .map((format) => (
                  <MenuItem key={format} onSelect={() => void exportChart(source, format)}>
                    {format}
                  </MenuItem>
                ))}
            </ActionMenu>
          )}
        </span>
      </figcaption>
      {asTable ? table() : children}
    </figure>
  );
}
