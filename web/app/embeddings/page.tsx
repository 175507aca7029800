import type { Metadata } from 'next';
import { EmbeddingsPage } from '@/components/embeddings/EmbeddingsPage';

export const metadata: Metadata = { title: 'Embeddings' };

export default function Page() {
  return <EmbeddingsPage />;
}
