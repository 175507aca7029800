'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import {
  uploadDataset,
  type StoredVersion,
  type UploadFailure,
  type UploadProgress,
  type UploadRequest,
} from '@/lib/api/upload-dataset';

export type UploadState =
  | { kind: 'choosing'; failure: UploadFailure | null }
  | { kind: 'under way'; progress: UploadProgress }
  | { kind: 'stored'; stored: StoredVersion };

/** One upload after the other: how far it is, what it came to, and the way to end it. */
export function useUpload() {
  const [state, setState] = useState<UploadState>({ kind: 'choosing', failure: null });
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
  const start = useCallback(async (request: UploadRequest) => {
    const controller = new AbortController();
    running.current = controller;
    setState({ kind: 'under way', progress: { phase: 'sending', share: 0, rows: null } });
    const outcome = await uploadDataset(
      request,
      (progress) => setState({ kind: 'under way', progress }),
      controller.signal,
    );
    switch (outcome.kind) {
      case 'stored':
        return setState({ kind: 'stored', stored: outcome.stored });
      case 'failed':
        return setState({ kind: 'choosing', failure: outcome.failure });
      case 'given up':
        return setState({ kind: 'choosing', failure: null });
    }
  }, []);
  const forget = useCallback(() => setState({ kind: 'choosing', failure: null }), []);
  return { state, start, cancel, forget };
}
