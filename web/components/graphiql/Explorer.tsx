'use client';

import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/webpack';
import 'graphiql/style.css';
import './theme.css';
import { useState } from 'react';
import { liveClient } from '@/lib/api/connection';
import { useTheme } from '@/lib/theme';
import { examples } from './examples';

/** GraphiQL on this server, over the dashboard's own connection; everything it needs comes with the build. */
export function Explorer() {
  const [fetcher] = useState(() => createGraphiQLFetcher({ url: '/graphql', wsClient: liveClient() }));
  const theme = useTheme();
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={[...examples]}
      forcedTheme={theme}
      isHeadersEditorEnabled={false}
      showPersistHeadersSettings={false}
    />
  );
}
