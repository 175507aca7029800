import type { Metadata } from 'next';
import { Suspense } from 'react';
import { DatasetsPage } from '@/components/datasets/DatasetsPage';

export const metadata: Metadata = { title: 'Datasets' };

export default function Page() {
  return (
    <Suspense>
      <DatasetsPage />
    </Suspense>
  );
}
