import type { Metadata } from 'next';
import { Suspense } from 'react';
import { RunPage } from '@/components/run/RunPage';

export const metadata: Metadata = { title: 'Run' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense>
      <RunPage id={decodeURIComponent(id)} />
    </Suspense>
  );
}
