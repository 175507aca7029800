import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ApiError } from '@/lib/api/errors';
import { Button } from './Button';

/** One grey bar in the place of something that is on its way. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={`skeleton ${className}`} />;
}

/** A block of bars in the place of a card's content; says so to screen readers once. */
export function SkeletonLines({ lines = 6, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 p-4">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} className={`h-4 ${['w-full', 'w-11/12', 'w-4/5'][index % 3]}`} />
      ))}
    </div>
  );
}

/** What a place without data teaches: what would stand here and how to get it. */
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-lg border border-dashed border-line-strong bg-surface p-6">
      <h2 className="text-heading font-semibold">{title}</h2>
      <div className="flex w-full max-w-[80ch] flex-col items-start gap-3 text-muted">{children}</div>
    </div>
  );
}

/** A failure in the server's words, and a way to try again. */
export function ErrorState({
  error,
  retry,
}: {
  error: Pick<ApiError, 'code' | 'message' | 'path'>;
  retry?: () => void;
}) {
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg border border-bad bg-bad-soft p-4">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0">
        <p className="font-medium break-words">{error.message}</p>
        <p className="text-table text-muted">
          {error.code}
          {error.path !== null && ` · ${error.path}`}
        </p>
        {retry && (
          <Button small className="mt-2" onClick={retry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
