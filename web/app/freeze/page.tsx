import type { Metadata } from 'next';
import { Suspense } from 'react';
import { FreezePage } from '@/components/freeze/FreezePage';

export const metadata: Metadata = { title: 'Freeze designer' };

export default function Page() {
  return (
    <Suspense>
      <FreezePage />
    </Suspense>
  );
}
