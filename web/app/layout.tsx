import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { AppShell } from '@/components/shell/AppShell';
import { ApiProvider } from '@/lib/api/ApiProvider';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Frostline', template: '%s · Frostline' },
  description: 'Find out what to freeze: run, watch and compare fine-tuning experiments.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#161920' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Before the first paint, so that a dark page never flashes white; a file rather than inline code for strict content policies. */}
        <script src="/theme.js" />
      </head>
      <body>
        <ApiProvider>
          <AppShell>{children}</AppShell>
        </ApiProvider>
      </body>
    </html>
  );
}
