import type { Metadata } from 'next';
import { FreezePage } from '@/components/freeze/FreezePage';

export const metadata: Metadata = { title: 'Freeze configurations' };

export default function Page() {
  return <FreezePage />;
}
