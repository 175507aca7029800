'use client';

import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import { useDeletions } from '@/lib/api/use-deletions';
import { useCatchUp, useLiveEvents } from '@/lib/api/use-live';
import { RunListChangedDocument } from '@/lib/generated/graphql';
import { RunPager, type RunListQuery } from '@/lib/runs/run-pager';

/** How long lists wait before they are read again when runs come and go: bursts are one. */
const SOON = 1000;
/** The same when running runs may change places in an order by something that moves. */
const LATER = 5000;

interface List {
  text: string;
  pager: RunPager;
  /** The list that was asked for in this place before; stopped. */
  before: RunPager | null;
}

export interface RunListSection {
  key: string;
  query: RunListQuery;
}

/**
 * Lists of runs, one a section, current by one subscription: the cache changes rows in place, and lists are read again when a run
 * appears, is deleted, changes its state or may have changed its place. `onStale` hears of the same moments.
 */
export function useRunLists(
  sections: readonly RunListSection[],
  {
    metrics,
    settings,
    moves,
    onStale,
  }: {
    metrics: string[];
    settings: string[];
    /** Whether the order is by something that changes while a run goes on. */
    moves: boolean;
    onStale?: () => void;
  },
) {
  const client = useClient();
  const pagers = useRef<ReadonlyMap<string, List>>(new Map());
  const lists = useMemo(() => {
    const kept = new Map<string, List>();
    for (const { key, query } of sections) {
      const text = JSON.stringify(query);
      const known = pagers.current.get(key);
      // What is shown stays until there is something else to show.
      const before = known && (known.pager.total === null ? known.before : known.pager);
      kept.set(
        key,
        known?.text === text ? known : { text, pager: new RunPager(client, query), before: before ?? null },
      );
    }
    return kept;
  }, [client, sections]);

  const running = useRef(new Set<RunPager>());
  useEffect(() => {
    pagers.current = lists;
    const wanted = new Set([...lists.values()].map(({ pager }) => pager));
    for (const pager of running.current) if (!wanted.has(pager)) pager.dispose();
    for (const pager of wanted) if (!running.current.has(pager)) pager.start();
    running.current = wanted;
  }, [lists]);
  useEffect(
    () => () => {
      for (const pager of running.current) pager.dispose();
      running.current = new Set();
    },
    [],
  );

  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [...lists.values()].map(({ pager }) => pager.subscribe(listener));
      return () => stops.forEach((stop) => stop());
    },
    [lists],
  );
  const version = useSyncExternalStore(
    subscribe,
    () => [...lists.values()].reduce((sum, { pager }) => sum + pager.version, 0),
    () => 0,
  );

  const latest = useRef({ lists, onStale, moves });
  useEffect(() => {
    latest.current = { lists, onStale, moves };
  });
  const refresh = useCallback(() => {
    for (const { pager } of latest.current.lists.values()) pager.refresh();
    latest.current.onStale?.();
  }, []);
  useCatchUp(refresh);

  const timer = useRef<{ due: number; id: ReturnType<typeof setTimeout> } | null>(null);
  useEffect(() => () => clearTimeout(timer.current?.id), []);
  const refreshIn = useCallback(
    (wait: number) => {
      const due = Date.now() + wait;
      if (timer.current !== null && timer.current.due <= due) return;
      clearTimeout(timer.current?.id);
      const id = setTimeout(() => {
        timer.current = null;
        refresh();
      }, wait);
      timer.current = { due, id };
    },
    [refresh],
  );
  useDeletions(() => refreshIn(SOON));
  const states = useRef(new Map<string, string>());
  useLiveEvents(
    RunListChangedDocument,
    { metrics, settings },
    {
      onEvent: ({ runChanged: run }) => {
        const before = states.current.get(run.id);
        states.current.set(run.id, run.state);
        const listed = [...latest.current.lists.values()].some(({ pager }) => pager.has(run.id));
        const changed = before === undefined ? !listed || run.state === 'QUEUED' : before !== run.state;
        if (!changed && !(latest.current.moves && run.state === 'RUNNING')) return;
        refreshIn(changed ? SOON : LATER);
      },
    },
  );

  const pagerOf = useCallback(
    (key: string): RunPager | null => {
      const list = lists.get(key);
      if (!list) return null;
      const { pager, before } = list;
      return pager.total === null && pager.error === null && before ? before : pager;
    },
    [lists],
  );
  return { pagerOf, version, refresh };
}
