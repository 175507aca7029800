'use client';

import { Upload } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { TextInput } from '@/components/ui/Field';
import { Page } from '@/components/ui/Page';
import { Snippet } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useDatasetCards } from '@/lib/api/use-datasets';
import { useViewer } from '@/lib/api/use-viewer';
import { formatCount } from '@/lib/format';
import { useRested } from '@/lib/use-rested';
import { useUrlState } from '@/lib/url-state';
import { DatasetCard } from './DatasetCard';
import { useUploadDialog } from './use-upload-dialog';

const PAGE = 40;
/** What the server gives at most at a time. */
const MOST = 500;
const REST = 200;

const example = `sentence,topic,sentiment,split
AI is transforming industries.,Technology,Positive,train
The universe is expanding rapidly.,Science,,validation`;

function Nothing({ mayUpload, onUpload }: { mayUpload: boolean; onUpload: () => void }) {
  return (
    <EmptyState title="No datasets yet">
      <p>
        A row is a sentence with a label for each task; a task without a label in a row is not trained on that
        row. {mayUpload && 'Drop a CSV, TSV or JSONL file on this page, or'}
      </p>
      {mayUpload && (
        <Button look="primary" onClick={onUpload}>
          <Upload aria-hidden className="size-4" />
          Choose a file
        </Button>
      )}
      <Snippet label="What it looks like" code={example} />
      <Snippet
        label="From the command line"
        code="npx frostline import data.csv --validation 0.1 --test 0.1"
      />
    </EmptyState>
  );
}

/** Every dataset in its newest version, and the way to bring more. */
export function DatasetsPage() {
  const [params, change] = useUrlState();
  const [text, setText] = useState(params.get('q') ?? '');
  const search = useRested(text.trim(), REST);
  const [first, setFirst] = useState(PAGE);
  const { datasets, total, fetching, loading, error, reload } = useDatasetCards(search, first);
  const mayUpload = useViewer().may('EDITOR');
  const upload = useUploadDialog({ enabled: mayUpload, onStored: reload });
  const nothing = !loading && total === 0 && search === '';
  return (
    <Page
      title="Datasets"
      lead="Versioned by content: the same rows give the same version, and a run keeps the digest of the rows it saw."
      actions={
        mayUpload && (
          <Button look={nothing ? 'plain' : 'primary'} onClick={upload.open}>
            <Upload aria-hidden className="size-4" />
            Upload
          </Button>
        )
      }
    >
      {upload.parts}
      {(!nothing || text !== '') && !error && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <TextInput
            type="search"
            aria-label="Search datasets by name"
            placeholder="Search by name"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setFirst(PAGE);
              change({ q: event.target.value.trim() });
            }}
            className="w-full sm:w-72"
          />
          {!loading && (
            <span role="status" className="text-table text-muted">
              {datasets.length < total
                ? `${formatCount(datasets.length)} of ${formatCount(total)} datasets`
                : `${formatCount(total)} ${total === 1 ? 'dataset' : 'datasets'}`}
            </span>
          )}
        </div>
      )}
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines label="Loading datasets" />
        </div>
      ) : nothing ? (
        <Nothing mayUpload={mayUpload} onUpload={upload.open} />
      ) : datasets.length === 0 ? (
        <EmptyState title={`No dataset is called “${search}”`}>
          <Button
            onClick={() => {
              setText('');
              change({ q: null });
            }}
          >
            Show all
          </Button>
        </EmptyState>
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2">
          {datasets.map((dataset) => (
            <DatasetCard key={dataset.id} dataset={dataset} />
          ))}
        </ul>
      )}
      {datasets.length < total && first < MOST && (
        <Button
          className="self-start"
          disabled={fetching}
          onClick={() => setFirst(Math.min(MOST, first + PAGE * 3))}
        >
          {fetching ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </Page>
  );
}
