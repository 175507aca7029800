'use client';

import { Page } from '@/components/ui/Page';
import { ErrorState } from '@/components/ui/states';

export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <Page title="This page failed">
      <ErrorState error={{ code: 'PAGE', message: error.message, path: null }} retry={reset} />
    </Page>
  );
}
