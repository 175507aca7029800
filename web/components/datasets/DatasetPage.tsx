'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { AsButton } from '@/components/ui/Button';
import { Select } from '@/components/ui/Field';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Tabs } from '@/components/ui/Tabs';
import { Ago } from '@/components/ui/Values';
import { useDataset, type DatasetDetail } from '@/lib/api/use-datasets';
import { useViewer } from '@/lib/api/use-viewer';
import { formatCount, plural } from '@/lib/format';
import { useUrlState } from '@/lib/url-state';
import { DatasetActions } from './DatasetActions';
import { DatasetOverview } from './DatasetOverview';
import { LineageTab } from './LineageTab';
import { RepetitionsTab } from './RepetitionsTab';
import { RowsTab } from './RowsTab';
import { SimilarTab } from './SimilarTab';
import { useUploadDialog } from './use-upload-dialog';

const tabs = [
  { name: 'overview', title: 'Overview' },
  { name: 'rows', title: 'Rows' },
  { name: 'repetitions', title: 'Repetitions' },
  { name: 'similar', title: 'Near-duplicates and labels' },
  { name: 'lineage', title: 'Lineage' },
] as const;
type TabName = (typeof tabs)[number]['name'];

function TabContent({ tab, dataset }: { tab: TabName; dataset: DatasetDetail }) {
  switch (tab) {
    case 'overview':
      return <DatasetOverview dataset={dataset} />;
    case 'rows':
      return <RowsTab dataset={dataset} />;
    case 'repetitions':
      return <RepetitionsTab dataset={dataset} />;
    case 'similar':
      return <SimilarTab dataset={dataset} />;
    case 'lineage':
      return <LineageTab dataset={dataset} />;
  }
}

function VersionPicker({
  dataset,
  onPick,
}: {
  dataset: DatasetDetail;
  onPick: (version: string | null) => void;
}) {
  const { version, versions } = dataset;
  return (
    <label className="inline-flex items-center gap-2">
      Version
      <Select
        value={version}
        onChange={(event) =>
          onPick(Number(event.target.value) === versions[0]?.version ? null : event.target.value)
        }
      >
        {versions.map((one, index) => (
          <option key={one.id} value={one.version}>
            {one.version}
            {index === 0 && ' (newest)'} · {plural(one.rowCount, 'row')}
          </option>
        ))}
      </Select>
    </label>
  );
}

function Loaded({ dataset, reload }: { dataset: DatasetDetail; reload: () => void }) {
  const router = useRouter();
  const [params, change] = useUrlState();
  const tab = tabs.find(({ name }) => name === params.get('tab'))?.name ?? 'overview';
  const mayEdit = useViewer().may('EDITOR');
  const upload = useUploadDialog({ dataset: dataset.name, enabled: mayEdit, onStored: reload });
  const repeated = dataset.repetition.sentences;
  const named = tabs.map((one) =>
    one.name === 'repetitions' && repeated > 0
      ? { ...one, title: `Repetitions (${formatCount(repeated)})` }
      : one,
  );
  return (
    <Page
      documentTitle={dataset.name}
      title={dataset.name}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <VersionPicker
            dataset={dataset}
            // Labels and texts of one version say nothing about another.
            onPick={(version) => change({ version, q: null, split: null, label: null, kind: null })}
          />
          <span>
            stored <Ago instant={dataset.createdAt} />
          </span>
        </span>
      }
      actions={
        <DatasetActions
          dataset={dataset}
          mayEdit={mayEdit}
          onUpload={upload.open}
          onDeleted={(whole) => {
            if (whole) router.push('/datasets');
            else {
              change({ version: null });
              reload();
            }
          }}
        />
      }
    >
      {upload.parts}
      <Tabs
        label="Parts of the dataset"
        tabs={named}
        active={tab}
        onChange={(name) => change({ tab: name === 'overview' ? null : name })}
      >
        <TabContent key={dataset.id} tab={tab} dataset={dataset} />
      </Tabs>
    </Page>
  );
}

/** One dataset: its versions, rows, labels, what leaks between splits, and the runs that used it. */
export function DatasetPage({ name }: { name: string }) {
  const [params] = useUrlState();
  const wanted = Number(params.get('version') ?? 0);
  const { dataset, missing, error, reload } = useDataset(name, wanted > 0 ? wanted : null);
  if (error)
    return (
      <Page title={name}>
        <ErrorState error={error} retry={reload} />
      </Page>
    );
  if (dataset) return <Loaded dataset={dataset} reload={reload} />;
  if (!missing)
    return (
      <Page title={name}>
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={9} label="Loading the dataset" />
        </div>
      </Page>
    );
  return (
    <Page title="No such dataset">
      <EmptyState title={`There is no dataset ${name}${wanted > 0 ? ` in version ${wanted}` : ''}`}>
        <p>It may have been deleted, or belong to another database.</p>
        <AsButton look="primary">
          <Link href="/datasets">All datasets</Link>
        </AsButton>
      </EmptyState>
    </Page>
  );
}
