'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { MetricHistoryDocument, MetricsAppendedDocument } from '@/lib/generated/graphql';
import { appendLive, seriesKey, type Bucket, type Series } from '@/lib/series';
import { toApiError } from './errors';
import { useCatchUp, useLiveEvents } from './use-live';

const MAX_POINTS = 1000;
/** Live points are drawn together at most once in this many milliseconds. */
const LIVE_INTERVAL = 1000;

/**
 * Series of several metrics of several runs, by {@link seriesKey}. While `live`, new points are added as they land;
 * when they outgrow what was asked for, the whole is read again at the server's resolution.
 */
export function useMetricHistory(runIds: readonly string[], names: readonly string[], live: boolean) {
  const runKey = runIds.join('\n');
  const nameKey = names.join('\n');
  const variables = useMemo(
    () => ({ runIds: runKey.split('\n'), names: nameKey.split('\n'), maxPoints: MAX_POINTS }),
    [runKey, nameKey],
  );
  const nothing = runIds.length === 0 || names.length === 0;
  const [result, execute] = useQuery({
    query: MetricHistoryDocument,
    variables,
    pause: nothing,
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useCatchUp(reload);

  const arrived = useRef(new Map<string, Bucket[]>());
  const caughtUp = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [shown, setShown] = useState<ReadonlyMap<string, Bucket[]>>(new Map());
  // What a new reading holds need not be kept beside it; what arrived since must be.
  useEffect(() => {
    for (const base of result.data?.metricHistory ?? []) {
      const key = seriesKey(base.runId, base.name);
      const lastStep = base.buckets.at(-1)?.step ?? -Infinity;
      const newer = arrived.current.get(key)?.filter((bucket) => bucket.step > lastStep);
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
          arrived.current.set(key, [...(arrived.current.get(key) ?? []), ...series.buckets]);
        }
        timer.current ??= setTimeout(() => {
          timer.current = undefined;
          const longest = Math.max(...[...arrived.current.values()].map((buckets) => buckets.length));
          setShown(new Map(arrived.current));
          // Points that landed between the reading and the start of the subscription are in neither.
          if (longest > MAX_POINTS || !caughtUp.current) reload();
          caughtUp.current = true;
        }, LIVE_INTERVAL);
      },
    },
  );

  const series = useMemo(() => {
    const all = new Map<string, Series>();
    for (const base of result.data?.metricHistory ?? []) {
      const key = seriesKey(base.runId, base.name);
      all.set(key, appendLive(base, shown.get(key) ?? []));
    }
    for (const [key, buckets] of shown) {
      const [runId = '', name = ''] = key.split('\u0000');
      if (!all.has(key))
        all.set(key, appendLive({ runId, name, count: 0, nonFinite: 0, buckets: [] }, buckets));
    }
    return all;
  }, [result.data, shown]);

  const error = result.error && !result.data ? toApiError(result.error) : null;
  return { series, loading: result.fetching && !result.data, error, reload };
}
