'use client';

import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import { LogAppendedDocument, RunLogsDocument, type RunLogsQuery } from '@/lib/generated/graphql';
import { reconnectionCount, watchConnection } from './connection';
import { toApiError, type ApiError } from './errors';
import { usePageVisible } from './use-live';

export type LogLine = NonNullable<RunLogsQuery['run']>['logs']['edges'][number]['node'];

const PAGE = 1000;

interface Log {
  lines: readonly LogLine[];
  loading: boolean;
  error: ApiError | null;
}

/**
 * All lines of a run's log: the first are read, those after them come by subscription, however many there are, and then each as it
 * is written. After a loss of the connection it goes on after the last line that came.
 */
export function useRunLog(id: string): Log & { retry(): void } {
  const client = useClient();
  const visible = usePageVisible();
  const reconnections = useSyncExternalStore(watchConnection, reconnectionCount, () => 0);
  const [log, setLog] = useState<Log>({ lines: [], loading: true, error: null });
  const [attempt, setAttempt] = useState(0);
  const lines = useRef<LogLine[]>([]);
  const read = useRef(false);

  useEffect(() => {
    lines.current = [];
    read.current = false;
    setLog({ lines: [], loading: true, error: null });
  }, [id]);

  useEffect(() => {
    if (!visible) return;
    let stop = (): void => {};
    let stopped = false;
    const add = (more: readonly LogLine[]) => {
      const last = lines.current.at(-1)?.sequence ?? 0;
      const fresh = more.filter((line) => line.sequence > last);
      if (fresh.length > 0) lines.current = [...lines.current, ...fresh];
      setLog({ lines: lines.current, loading: false, error: null });
    };
    const follow = () => {
      if (stopped) return;
      const after = lines.current.at(-1)?.sequence ?? 0;
      const { unsubscribe } = client
        .subscription(LogAppendedDocument, { runId: id, after })
        .subscribe(({ data }) => {
          if (data) add(data.logAppended);
        });
      stop = unsubscribe;
    };
    if (read.current) follow();
    else
      void client
        .query(RunLogsDocument, { id, first: PAGE }, { requestPolicy: 'network-only' })
        .toPromise()
        .then(({ data, error }) => {
          if (stopped) return;
          if (!data?.run) {
            setLog({ lines: [], loading: false, error: error ? toApiError(error) : null });
            return;
          }
          read.current = true;
          add(data.run.logs.edges.map(({ node }) => node));
          follow();
        });
    return () => {
      stopped = true;
      stop();
    };
    // A new connection subscribes by itself, but from where it began; this one begins where it is.
  }, [client, id, visible, reconnections, attempt]);

  return { ...log, retry: () => setAttempt((count) => count + 1) };
}
