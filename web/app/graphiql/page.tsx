import type { Metadata } from 'next';
import { GraphiQLPage } from '@/components/graphiql/GraphiQLPage';

export const metadata: Metadata = { title: 'GraphiQL' };

export default function Page() {
  return <GraphiQLPage />;
}
