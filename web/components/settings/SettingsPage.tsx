'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Choice } from '@/components/ui/Choice';
import { Page } from '@/components/ui/Page';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { Ago, Facts } from '@/components/ui/Values';
import { signOut } from '@/lib/api/session';
import { useServerInfo } from '@/lib/api/use-server-info';
import { useViewer } from '@/lib/api/use-viewer';
import { formatBytes, formatSeconds, plural } from '@/lib/format';
import { showShellDialog } from '@/lib/shell-dialog';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '@/lib/theme';

const themes: readonly { value: ThemeChoice; text: string }[] = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

function Access() {
  const { viewer, may } = useViewer();
  if (!viewer) return <SkeletonLines lines={2} label="Loading who you are" />;
  return (
    <>
      {viewer.tokenId ? (
        <Facts
          rows={[
            ['Signed in as', viewer.name],
            ['Role', viewer.role.toLowerCase()],
          ]}
        />
      ) : (
        <p className="text-muted">
          This server asks for no token: everybody on its machine may do everything.
        </p>
      )}
      <p className="mt-3 flex flex-wrap items-center gap-3">
        {viewer.tokenId && <Button onClick={() => void signOut()}>Sign out</Button>}
        {may('ADMIN') && (
          <Link className="link" href="/tokens" prefetch={false}>
            Tokens
          </Link>
        )}
      </p>
    </>
  );
}

function Server() {
  const { info, error, reload } = useServerInfo();
  if (error) return <ErrorState error={error} retry={reload} />;
  if (!info) return <SkeletonLines lines={5} label="Loading what the server is" />;
  const { server, workers } = info;
  const there = workers.filter(({ state }) => state === 'IDLE' || state === 'BUSY');
  const devices: ReactNode =
    there.length === 0 ? (
      'no worker is connected'
    ) : (
      <ul className="flex flex-col gap-1">
        {there.map((worker) => (
          <li key={worker.id} className="break-words">
            {worker.name}: {worker.device ?? 'has computed nothing yet'}
            <span className="text-muted">
              {' '}
              · {plural(worker.concurrency, 'run')} at a time · since <Ago instant={worker.startedAt} />
            </span>
          </li>
        ))}
      </ul>
    );
  return (
    <Facts
      rows={[
        ['Frostline', server.version],
        ['Node', server.nodeVersion],
        ['Weights', server.offline ? 'never asked of the network' : 'fetched when an editor asks for them'],
        ['Workers', devices],
        ['A file of rows', `${formatBytes(server.uploadBytes)}, ${plural(server.uploadRows, 'row')} at most`],
        ['Another request', `${formatBytes(server.bodyBytes)} at most`],
        ['A page of a list', `${plural(server.pageRows, 'row')} at most`],
        ['A database statement', `${formatSeconds(server.statementSeconds)} at most`],
      ]}
    />
  );
}

/** How the dashboard looks, who one is to the server, and what the server is. */
export function SettingsPage() {
  const theme = useThemeChoice();
  return (
    <Page title="Settings">
      <div className="grid min-w-0 items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title="This browser">
            <div className="flex flex-col items-start gap-3">
              <div className="flex flex-wrap items-center gap-3">
                <span className="text-table text-muted">Theme</span>
                <Choice label="Theme" options={themes} value={theme} onChange={chooseTheme} />
              </div>
              <Button onClick={() => showShellDialog('shortcuts')}>Keyboard shortcuts</Button>
            </div>
          </Card>
          <Card title="Access">
            <Access />
          </Card>
        </div>
        <Card title="Server">
          <Server />
        </Card>
      </div>
    </Page>
  );
}
