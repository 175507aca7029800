import type { Metadata } from 'next';
import { Suspense } from 'react';
import { EmbeddingsPage } from '@/components/embeddings/EmbeddingsPage';

export const metadata: Metadata = { title: 'Embeddings' };

export default function Page() {
  return (
    <Suspense>
      <EmbeddingsPage />
    </Suspense>
  );
}
