import type { Metadata } from 'next';
import { SignInPage } from '@/components/session/SignInPage';

export const metadata: Metadata = { title: 'Sign in' };

export default function Page() {
  return <SignInPage />;
}
