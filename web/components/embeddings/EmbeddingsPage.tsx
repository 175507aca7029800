'use client';

import { Page } from '@/components/ui/Page';
import { Tabs } from '@/components/ui/Tabs';
import { useUrlState } from '@/lib/url-state';
import { MapTab } from './MapTab';
import { SearchTab } from './SearchTab';
import { SentencesTab } from './SentencesTab';

const tabs = [
  { name: 'sentences', title: 'Sentences' },
  { name: 'search', title: 'Search' },
  { name: 'map', title: 'Map' },
] as const;

/** What a model makes of sentences: how alike they are, and where training moved them. */
export function EmbeddingsPage() {
  const [params, change] = useUrlState();
  const view = tabs.find(({ name }) => name === params.get('view'))?.name ?? 'sentences';
  return (
    <Page title="Embeddings" lead="What a model makes of sentences, before and after training.">
      <Tabs
        label="Embeddings"
        tabs={tabs}
        active={view}
        onChange={(next) => change({ view: next === 'sentences' ? null : next })}
      >
        {view === 'map' ? <MapTab /> : view === 'search' ? <SearchTab /> : <SentencesTab />}
      </Tabs>
    </Page>
  );
}
