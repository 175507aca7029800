import type { EChartsCoreOption } from 'echarts/core';
import { download } from '@/lib/download';
import { fileName, toCsv, toJson, type TableData } from '@/lib/table-data';

/** What a chart can be taken away as. */
export const exportFormats = ['PNG', 'SVG', 'CSV', 'JSON'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportSource {
  title: string;
  table: () => TableData;
  /** The chart as ECharts draws it, with title and legend; absent where there is no picture of it. */
  picture?: () => EChartsCoreOption;
  width?: number;
  height?: number;
}

/** Draws a chart once more, out of sight and with its legend, and gives it to the reader as a file; or its numbers. */
export async function exportChart(source: ExportSource, format: ExportFormat): Promise<void> {
  const { title, table, picture, width = 1200, height = 600 } = source;
  const name = fileName(title, format.toLowerCase());
  if (format === 'CSV') return download(name, toCsv(table()), 'text/csv;charset=utf-8');
  if (format === 'JSON') return download(name, toJson(table()), 'application/json');
  if (!picture) return;
  const { init } = await import('./echarts');
  const option = { ...picture(), animation: false };
  if (format === 'SVG') {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
    chart.setOption(option);
    download(name, chart.renderToSVGString(), 'image/svg+xml');
    return chart.dispose();
  }
  const chart = init(document.createElement('div'), null, { width, height, devicePixelRatio: 2 });
  chart.setOption(option);
  const canvas = chart.renderToCanvas({ pixelRatio: 2 });
  canvas.toBlob((blob) => {
    if (blob) download(name, blob, 'image/png');
    chart.dispose();
  }, 'image/png');
}
