import type { Metadata } from 'next';
import { ModelPage } from '@/components/models/ModelPage';

export const metadata: Metadata = { title: 'Model' };

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  const { name } = await params;
  return <ModelPage name={decodeURIComponent(name)} />;
}
