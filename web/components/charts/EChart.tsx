'use client';

import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef } from 'react';
import { init } from './echarts';

export interface EChartProps {
  option: EChartsCoreOption;
  height: number;
  /** Handlers by ECharts' names of the events; the chart itself comes second. */
  events?: Readonly<Record<string, (event: unknown, chart: EChartsType) => void>>;
  /** Called with the chart once it is there, and with null when it goes. */
  onReady?: (chart: EChartsType | null) => void;
}

/** An ECharts canvas that follows its box and its option. */
export function EChart({ option, height, events, onReady }: EChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef({ events, onReady });
  useEffect(() => {
    latest.current = { events, onReady };
  });
  const names = Object.keys(events ?? {}).join(' ');

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const created = init(element, null, { renderer: 'canvas' });
    chart.current = created;
    for (const name of names.split(' ').filter(Boolean))
      created.on(name, (event) => latest.current.events?.[name]?.(event, created));
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) created.resize();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      latest.current.onReady?.(null);
      created.dispose();
      chart.current = null;
    };
  }, [names]);

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
    latest.current.onReady?.(chart.current);
  }, [option, names]);

  return <div ref={box} style={{ height }} />;
}
