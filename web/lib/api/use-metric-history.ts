'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { MetricHistoryDocument, MetricsAppendedDocument } from '@/lib/generated/graphql';
import {
  appendLive,
  firstAbove,
  isReduced,
  noColumns,
  seriesKey,
  sliceColumns,
  spliceDetail,
  type Columns,
  type Series,
  type StepRange,
} from '@/lib/series';
import { toApiError } from './errors';
import { useCatchUp, useLiveEvents } from './use-live';

const MAX_POINTS = 1000;
/** Live points are drawn together at most once in this many milliseconds. */
const LIVE_INTERVAL = 1000;

interface HistoryOptions {
  /** Buckets a series at most. */
  maxPoints?: number;
  /** Steps to read once more, in as many buckets as the whole; a function that does not change without need. */
  rangeOf?: ((whole: ReadonlyMap<string, Series>) => StepRange | null) | null;
  /** Asks for nothing as long as it is set. */
  pause?: boolean;
}

/**
 * Series of several metrics of several runs, by {@link seriesKey}. While `live`, new points are added as they land;
 * when they outgrow what was asked for, the whole is read again at the server's resolution.
 */
export function useMetricHistory(
  runIds: readonly string[],
  names: readonly string[],
  live: boolean,
  { maxPoints = MAX_POINTS, rangeOf = null, pause = false }: HistoryOptions = {},
) {
  const runKey = runIds.join('\n');
  const nameKey = names.join('\n');
  const variables = useMemo(
    () => ({ runIds: runKey.split('\n'), names: nameKey.split('\n'), maxPoints }),
    [runKey, nameKey, maxPoints],
  );
  const nothing = pause || runIds.length === 0 || names.length === 0;
  const [result, execute] = useQuery({
    query: MetricHistoryDocument,
    variables,
    pause: nothing,
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useCatchUp(reload);

  const arrived = useRef(new Map<string, Columns[]>());
  const caughtUp = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [shown, setShown] = useState<ReadonlyMap<string, Columns[]>>(new Map());
  // What a new reading holds need not be kept beside it; what arrived since must be.
  useEffect(() => {
    for (const base of result.data?.metricHistory ?? []) {
      const key = seriesKey(base.runId, base.name);
      const lastStep = base.columns.steps.at(-1) ?? -Infinity;
      const newer = arrived.current
        .get(key)
        ?.map((part) => sliceColumns(part, firstAbove(part.steps, lastStep), part.steps.length))
        .filter((part) => part.steps.length > 0);
      if (newer) arrived.current.set(key, newer);
    }
    setShown(new Map(arrived.current));
  }, [result.data]);
  useEffect(() => {
    arrived.current = new Map();
    caughtUp.current = false;
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [variables]);
  // The last points may land after the last event: read once more when a run ends.
  const wasLive = useRef(live);
  useEffect(() => {
    if (wasLive.current && !live) reload();
    wasLive.current = live;
  }, [live, reload]);

  useLiveEvents(
    MetricsAppendedDocument,
    { runIds: variables.runIds, names: variables.names },
    {
      pause: nothing || !live,
      onEvent: (event) => {
        for (const series of event.metricsAppended) {
          const key = seriesKey(series.runId, series.name);
          arrived.current.set(key, [...(arrived.current.get(key) ?? []), series.columns]);
        }
        timer.current ??= setTimeout(() => {
          timer.current = undefined;
          const lengths = [...arrived.current.values()].map((parts) =>
            parts.reduce((sum, part) => sum + part.steps.length, 0),
          );
          setShown(new Map(arrived.current));
          // Points that landed between the reading and the start of the subscription are in neither.
          if (Math.max(...lengths) > maxPoints || !caughtUp.current) reload();
          caughtUp.current = true;
        }, LIVE_INTERVAL);
      },
    },
  );

  const whole = useMemo(() => {
    const all = new Map<string, Series>();
    for (const base of result.data?.metricHistory ?? []) {
      const key = seriesKey(base.runId, base.name);
      all.set(key, appendLive(base, shown.get(key) ?? []));
    }
    for (const [key, parts] of shown) {
      const [runId = '', name = ''] = key.split('\u0000');
      if (!all.has(key))
        all.set(key, appendLive({ runId, name, count: 0, nonFinite: 0, columns: noColumns }, parts));
    }
    return all;
  }, [result.data, shown]);

  const range = useMemo(
    () => (rangeOf !== null && [...whole.values()].some(isReduced) ? rangeOf(whole) : null),
    [whole, rangeOf],
  );
  const series = useDetail(whole, variables, nothing ? null : range);
  const error = result.error && !result.data ? toApiError(result.error) : null;
  return { series, loading: (pause || result.fetching) && !result.data, error, reload };
}

/** The series with a range of steps read at full resolution; the last such reading stays until the next one is there. */
function useDetail(
  whole: ReadonlyMap<string, Series>,
  variables: { runIds: string[]; names: string[]; maxPoints: number },
  range: StepRange | null,
): ReadonlyMap<string, Series> {
  const from = range === null ? null : Math.floor(range.from);
  const to = range === null ? null : Math.ceil(range.to);
  const detailed = useMemo(() => ({ ...variables, fromStep: from, toStep: to }), [variables, from, to]);
  const [{ data, operation }] = useQuery({
    query: MetricHistoryDocument,
    variables: detailed,
    pause: range === null,
  });
  return useMemo(() => {
    const { fromStep, toStep } = (operation?.variables ?? {}) as { fromStep?: number; toStep?: number };
    if (range === null || !data || fromStep == null || toStep == null) return whole;
    const all = new Map(whole);
    for (const { runId, name, columns } of data.metricHistory) {
      const key = seriesKey(runId, name);
      const base = all.get(key);
      if (base) all.set(key, spliceDetail(base, columns, { from: fromStep, to: toStep }));
    }
    return all;
  }, [whole, data, operation, range]);
}
