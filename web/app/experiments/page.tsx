import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ExperimentsPage } from '@/components/experiments/ExperimentsPage';

export const metadata: Metadata = { title: 'Experiments' };

export default function Page() {
  return (
    <Suspense>
      <ExperimentsPage />
    </Suspense>
  );
}
