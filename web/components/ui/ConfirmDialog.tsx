'use client';

import type { ReactNode } from 'react';
import type { ApiError } from '@/lib/api/errors';
import { Button } from './Button';
import { Dialog, DialogActions } from './Dialog';
import { ErrorState } from './states';

/** Asks once before something that cannot be taken back. */
export function ConfirmDialog({
  title,
  children,
  keep,
  confirm,
  pending,
  pendingText,
  error,
  open,
  onOpenChange,
  onConfirm,
}: {
  title: ReactNode;
  children: ReactNode;
  /** The way out. */
  keep: string;
  confirm: string;
  pending: boolean;
  pendingText: string;
  error: ApiError | null;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onConfirm: () => void;
}) {
  return (
    <Dialog title={title} open={open} onOpenChange={onOpenChange}>
      <div className="text-muted">{children}</div>
      {error && (
        <div className="mt-3">
          <ErrorState error={error} />
        </div>
      )}
      <DialogActions>
        <Button onClick={() => onOpenChange(false)}>{keep}</Button>
        <Button look="primary" disabled={pending} onClick={onConfirm}>
          {pending ? pendingText : confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
