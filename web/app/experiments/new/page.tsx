import type { Metadata } from 'next';
import { Suspense } from 'react';
import { NewExperimentPage } from '@/components/experiments/NewExperimentPage';

export const metadata: Metadata = { title: 'New experiment' };

export default function Page() {
  return (
    <Suspense>
      <NewExperimentPage />
    </Suspense>
  );
}
