'use client';

import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import { connectionState, reconnectionCount, watchConnection, type ConnectionState } from './connection';

function watchVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

/** Whether the tab is in front: subscriptions rest while it is not, so that it costs nothing. */
export function usePageVisible(): boolean {
  return useSyncExternalStore(
    watchVisibility,
    () => document.visibilityState !== 'hidden',
    () => true,
  );
}

/** State of the live connection, for the indicator in the header. */
export function useConnection(): ConnectionState {
  return useSyncExternalStore(watchConnection, connectionState, () => 'idle');
}

/** Calls back when changes may have been missed: the connection came back, or the tab came to the front again. */
export function useCatchUp(refresh: () => void): void {
  const reconnections = useSyncExternalStore(watchConnection, reconnectionCount, () => 0);
  const visible = usePageVisible();
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  const seen = useRef({ reconnections, visible });
  useEffect(() => {
    const before = seen.current;
    seen.current = { reconnections, visible };
    if (reconnections > before.reconnections || (visible && !before.visible)) latest.current();
  }, [reconnections, visible]);
}

/**
 * Listens to a subscription while the tab is in front and it is not paused. The cache takes every event in by itself;
 * `onEvent` is for what else it means. Trouble with the connection is the header's to show.
 */
export function useLiveEvents<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: { pause?: boolean; onEvent?(event: Data): void } = {},
): void {
  const client = useClient();
  const visible = usePageVisible();
  const { pause = false, onEvent } = options;
  const latest = useRef({ variables, onEvent });
  useEffect(() => {
    latest.current = { variables, onEvent };
  });
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (pause || !visible) return;
    const subscription = client.subscription(document, latest.current.variables).subscribe(({ data }) => {
      if (data) latest.current.onEvent?.(data);
    });
    return () => subscription.unsubscribe();
  }, [client, document, key, pause, visible]);
}
