'use client';

import Link from 'next/link';
import { useState } from 'react';
import { AsButton, Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Page } from '@/components/ui/Page';
import { Snippet } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Ago } from '@/components/ui/Values';
import { useModels, type ListedModel } from '@/lib/api/use-models';
import { formatCount } from '@/lib/format';
import { AliasChip } from './AliasChip';

const PAGE = 50;
/** What the server gives at most at a time. */
const MOST = 500;

function ModelRow({ model }: { model: ListedModel }) {
  const [newest] = model.versions;
  return (
    <tr data-model={model.name}>
      <th scope="row" className="min-w-36 break-words">
        <Link className="link" prefetch={false} href={`/models/${encodeURIComponent(model.name)}`}>
          {model.name}
        </Link>
        {model.description && <p className="font-normal text-muted">{model.description}</p>}
      </th>
      <td>
        <span className="flex flex-wrap gap-1">
          {model.aliases.length === 0 ? (
            <span className="text-muted">none</span>
          ) : (
            model.aliases.map(({ name, version }) => <AliasChip key={name} name={name} version={version} />)
          )}
        </span>
      </td>
      <td className="num">{formatCount(model.versions.length)}</td>
      <td className="min-w-44">
        {newest ? (
          <>
            <Link className="link" prefetch={false} href={`/runs/${newest.run.id}`}>
              {newest.run.name}
            </Link>
            <p className="text-muted">{newest.run.freeze.label}</p>
          </>
        ) : (
          '—'
        )}
      </td>
      <td className="min-w-44 break-words">
        {model.gate ? `${model.gate.metric} on ${model.gate.dataset}` : '—'}
      </td>
      <td>
        <Ago instant={newest?.createdAt ?? model.createdAt} />
      </td>
    </tr>
  );
}

/** Registered models: versions under names, and the aliases that programs ask for. */
export function ModelsPage() {
  const [first, setFirst] = useState(PAGE);
  const { models, total, fetching, loading, error, reload } = useModels(first);
  return (
    <Page
      title="Models"
      lead="A finished run under a name and a number. Programs ask for an alias, such as news@production, and get what it points to."
    >
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines label="Loading models" />
        </div>
      ) : total === 0 ? (
        <EmptyState title="No models yet">
          <p>
            “Register” on the page of a finished run gives its weights a name and a version. An alias then
            stands for the version that programs shall use, and can be moved to a better one without changing
            them.
          </p>
          <AsButton look="primary">
            <Link prefetch={false} href={`/runs?q=${encodeURIComponent('state = FINISHED')}`}>
              Finished runs
            </Link>
          </AsButton>
          <Snippet label="From the command line" code="npx frostline register RUN news --alias production" />
        </EmptyState>
      ) : (
        <Card title="Registered models" note={formatCount(total)} flush>
          <div tabIndex={0} role="region" aria-label="Registered models" className="overflow-x-auto">
            <table className="table-plain">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Aliases</th>
                  <th scope="col" className="num">
                    Versions
                  </th>
                  <th scope="col">Newest run</th>
                  <th scope="col">Gate</th>
                  <th scope="col">Registered</th>
                </tr>
              </thead>
              <tbody>
                {models.map((model) => (
                  <ModelRow key={model.id} model={model} />
                ))}
              </tbody>
            </table>
          </div>
        </Card>
      )}
      {models.length < total && first < MOST && (
        <Button
          className="self-start"
          disabled={fetching}
          onClick={() => setFirst(Math.min(MOST, first + 100))}
        >
          {fetching ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </Page>
  );
}
