'use client';

import { Box, Download } from 'lucide-react';
import { useState } from 'react';
import { ExportMenu } from '@/components/models/ExportMenu';
import { RegisterDialog } from '@/components/models/RegisterDialog';
import { Button } from '@/components/ui/Button';
import type { RunDetail } from '@/lib/api/use-run';
import { useViewer } from '@/lib/api/use-viewer';

/** What can be done with the finished weights of a run: have them as files, or under a model's name. */
export function RunModel({ run, reload }: { run: RunDetail; reload: () => void }) {
  const [registering, setRegistering] = useState(false);
  const mayEdit = useViewer().may('EDITOR');
  if (run.state !== 'FINISHED' || !run.checkpoints.some(({ kind }) => kind === 'final')) return null;
  return (
    <>
      <ExportMenu
        runId={run.id}
        trigger={
          <Button>
            <Download aria-hidden className="size-4" />
            Export
          </Button>
        }
      />
      {mayEdit && (
        <Button title="Give its weights a version under a model's name" onClick={() => setRegistering(true)}>
          <Box aria-hidden className="size-4" />
          Register
        </Button>
      )}
      {registering && (
        <RegisterDialog run={run} onClose={() => setRegistering(false)} onRegistered={reload} />
      )}
    </>
  );
}
