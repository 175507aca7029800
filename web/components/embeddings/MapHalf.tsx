'use client';

import type { EChartsType } from 'echarts/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ChartFigure } from '@/components/charts/ChartFigure';
import { readChartTheme } from '@/components/charts/chart-theme';
import { DataTable } from '@/components/charts/DataTable';
import { EChart } from '@/components/charts/RunsChart';
import { formatNumber } from '@/lib/format';
import type { TableData } from '@/lib/table-data';
import { useTheme } from '@/lib/theme';
import { mapOption, type MapExtent, type MapRow } from './map-option';

const HEIGHT = 360;

/** One half of the map; pointing at a row in one half marks it in both. */
export function MapHalf({
  title,
  summary,
  rows,
  points,
  extent,
  mistakes,
  marked,
  onPoint,
  onPin,
}: {
  title: string;
  summary: string;
  rows: readonly MapRow[];
  points: Float64Array;
  extent: MapExtent;
  mistakes: boolean;
  /** Rows to bring out. */
  marked: readonly number[];
  onPoint: (row: number | null) => void;
  onPin: (row: number) => void;
}) {
  const theme = useTheme();
  // The theme's name stands for its colours, which are read from the page.
  const option = useMemo(
    () => (theme ? mapOption(rows, points, extent, mistakes, readChartTheme()) : {}),
    [rows, points, extent, mistakes, theme],
  );
  const [chart, setChart] = useState<EChartsType | null>(null);
  const shown = useRef<readonly number[]>([]);
  useEffect(() => {
    if (!chart) return;
    chart.dispatchAction({ type: 'downplay', seriesIndex: 0, dataIndex: [...shown.current] });
    chart.dispatchAction({ type: 'highlight', seriesIndex: 0, dataIndex: [...marked] });
    shown.current = marked;
  }, [chart, marked, option]);
  const events = useMemo(
    () => ({
      mouseover: (event: unknown) => onPoint((event as { dataIndex?: number }).dataIndex ?? null),
      globalout: () => onPoint(null),
      click: (event: unknown) => {
        const { dataIndex } = event as { dataIndex?: number };
        if (dataIndex !== undefined) onPin(dataIndex);
      },
    }),
    [onPoint, onPin],
  );
  const table = useMemo((): TableData => {
    const names = rows[0]?.facts.map(([name]) => name) ?? [];
    return {
      columns: ['sentence', ...names, 'x', 'y'],
      rows: rows.map((row, index) => [
        row.sentence,
        ...row.facts.map(([, value]) => value),
        points[2 * index]!,
        points[2 * index + 1]!,
      ]),
    };
  }, [rows, points]);
  return (
    <ChartFigure
      title={title}
      table={() => <DataTable title={title} data={table} format={table.columns.map(() => formatNumber)} />}
      source={{
        title,
        table: () => table,
        picture: () => {
          const colors = readChartTheme();
          return { ...mapOption(rows, points, extent, mistakes, colors), backgroundColor: colors.surface };
        },
        width: 800,
        height: 800,
      }}
    >
      <div role="img" aria-label={summary} data-map={title}>
        <EChart option={option} height={HEIGHT} events={events} onReady={setChart} />
      </div>
    </ChartFigure>
  );
}
