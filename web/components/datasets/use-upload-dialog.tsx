'use client';

import { useState, type ReactNode } from 'react';
import { DropOverlay } from './DropOverlay';
import { UploadDialog } from './UploadDialog';
import { useFileDrop } from './use-file-drop';

/** Lets files be dropped on a page, or chosen: the parts that it takes, and the way to open the dialog. */
export function useUploadDialog({
  dataset,
  enabled,
  onStored,
}: {
  dataset?: string;
  enabled: boolean;
  onStored: () => void;
}): { open: () => void; parts: ReactNode } {
  const [file, setFile] = useState<File | null>(null);
  const [shown, setShown] = useState(false);
  const over = useFileDrop(([first]) => {
    if (!enabled || !first) return;
    setFile(first);
    setShown(true);
  });
  return {
    open: () => setShown(true),
    parts: (
      <>
        {over && enabled && (
          <DropOverlay
            text={dataset === undefined ? 'Drop to upload' : `Drop to make a new version of ${dataset}`}
          />
        )}
        <UploadDialog
          file={file}
          onFile={setFile}
          dataset={dataset}
          open={shown}
          onOpenChange={setShown}
          onStored={onStored}
        />
      </>
    ),
  };
}
