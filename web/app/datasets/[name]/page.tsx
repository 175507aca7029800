import type { Metadata } from 'next';
import { Suspense } from 'react';
import { DatasetPage } from '@/components/datasets/DatasetPage';

export const metadata: Metadata = { title: 'Dataset' };

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  const { name } = await params;
  return (
    <Suspense>
      <DatasetPage name={decodeURIComponent(name)} />
    </Suspense>
  );
}
