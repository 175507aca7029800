'use client';

import { useConnection } from '@/lib/api/use-live';

/** Whether what is on the page is live. Silent to the eye when all is well, aloud when the connection is lost. */
export function ConnectionIndicator() {
  const connection = useConnection();
  const lost = connection === 'lost';
  const live = connection === 'live';
  return (
    <span
      role="status"
      title={
        lost
          ? 'The live connection was lost; trying again'
          : live
            ? 'Changes arrive as they happen'
            : undefined
      }
      className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-axis ${lost ? 'bg-warn-soft text-warn' : 'text-muted'}`}
    >
      {(lost || live) && (
        <>
          <span aria-hidden className={`size-1.5 rounded-full ${lost ? 'bg-warn' : 'bg-good'}`} />
          {lost ? 'Reconnecting' : 'Live'}
        </>
      )}
    </span>
  );
}
