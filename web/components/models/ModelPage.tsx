'use client';

import Link from 'next/link';
import { AsButton } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useModel } from '@/lib/api/use-models';
import { useViewer } from '@/lib/api/use-viewer';
import { AliasesCard } from './AliasesCard';
import { GateCard } from './GateCard';
import { HistoryCard } from './HistoryCard';
import { UsageCard } from './UsageCard';
import { VersionsCard } from './VersionsCard';

/** A registered model: its aliases and how they moved, its gate, its versions, and the programs that ask it. */
export function ModelPage({ name }: { name: string }) {
  const { model, missing, error, reload } = useModel(name);
  const mayEdit = useViewer().may('EDITOR');
  if (error)
    return (
      <Page title={name}>
        <ErrorState error={error} retry={reload} />
      </Page>
    );
  if (model)
    return (
      <Page documentTitle={model.name} title={model.name} lead={model.description}>
        <div className="grid min-w-0 items-start gap-4 xl:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-4">
            <AliasesCard model={model} mayEdit={mayEdit} reload={reload} />
            <GateCard model={model} mayEdit={mayEdit} reload={reload} />
          </div>
          <HistoryCard history={model.history} />
        </div>
        <VersionsCard model={model} mayEdit={mayEdit} reload={reload} />
        <UsageCard model={model} />
      </Page>
    );
  if (!missing)
    return (
      <Page title={name}>
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={9} label="Loading the model" />
        </div>
      </Page>
    );
  return (
    <Page title="No such model">
      <EmptyState title={`There is no registered model ${name}`}>
        <AsButton look="primary">
          <Link href="/models">All models</Link>
        </AsButton>
      </EmptyState>
    </Page>
  );
}
