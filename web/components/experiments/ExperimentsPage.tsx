'use client';

import { Copy, Plus, Rocket } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { FirstRunSnippets } from '@/components/overview/FirstRunSnippets';
import { AsButton, Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { TextInput } from '@/components/ui/Field';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Ago } from '@/components/ui/Values';
import { useExperiments, useLaunchExperiment, type ExperimentRow } from '@/lib/api/use-experiments';
import { isRecord } from '@/lib/definition/paths';
import { readSweep } from '@/lib/definition/sweep';
import { plural } from '@/lib/format';
import { readDesign, rulesText } from '@/lib/freeze-design';
import { textField } from '@/lib/settings';
import { useUrlState } from '@/lib/url-state';
import { useRested } from '@/lib/use-rested';

/** What an experiment varies, in words. */
function variesText({ sweep, freezeConfigs, definition }: ExperimentRow): string {
  const { method, settings, trials, pruning } = readSweep(sweep);
  const freeze =
    freezeConfigs.length > 0
      ? freezeConfigs.map(({ name, version }) => `${name}@${version}`).join(', ')
      : rulesText(readDesign(isRecord(definition) ? definition.freeze : null)[0].rules);
  if (method === 'none') return freeze;
  const over = settings.map(([path]) => path).join(', ');
  const how = method === 'random' ? `${String(trials)} draws over` : 'grid over';
  const fixed = settings.some(([path]) => path.split('.')[0] === 'freeze') ? '' : `${freeze} · `;
  return `${fixed}${how} ${over}${pruning ? ', ended early by ASHA' : ''}`;
}

function Row({ experiment, onLaunch }: { experiment: ExperimentRow; onLaunch: () => void }) {
  const { name, runs, createdAt, definition } = experiment;
  const model = textField(definition, 'model');
  return (
    <tr data-experiment={name}>
      <th scope="row" className="min-w-40 font-normal! whitespace-normal! text-text!">
        <Link
          className="link font-medium break-words"
          href={`/runs?experiment=${encodeURIComponent(name)}`}
          prefetch={false}
        >
          {name}
        </Link>
        <span className="block break-words text-muted">{variesText(experiment)}</span>
      </th>
      <td className="num">{plural(runs.totalCount, 'run')}</td>
      <td>{textField(definition, 'dataset') ?? ''}</td>
      <td className="max-w-56 truncate" title={model ?? undefined}>
        {model?.split('/').at(-1) ?? ''}
      </td>
      <td>
        <Ago instant={createdAt} />
      </td>
      <td>
        {/* Experiments of runs that are trained elsewhere have no definition to begin with. */}
        {model !== null && (
          <span className="flex justify-end gap-1">
            <AsButton small look="ghost">
              <Link
                href={`/experiments/new?experiment=${encodeURIComponent(name)}`}
                prefetch={false}
                aria-label={`New experiment from ${name}`}
                title="New experiment from this one"
              >
                <Copy aria-hidden className="size-3.5" />
              </Link>
            </AsButton>
            <Button
              small
              look="ghost"
              aria-label={`Launch ${name}`}
              title="Launch: runs that have finished are not repeated"
              onClick={onLaunch}
            >
              <Rocket aria-hidden className="size-3.5" />
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
}

/** All experiments, newest first: what each varies, and the way to its runs. */
export function ExperimentsPage() {
  const router = useRouter();
  const [params, change] = useUrlState();
  const search = params.get('search') ?? '';
  const [text, setText] = useState(search);
  const rested = useRested(text, 200);
  useEffect(() => {
    if (rested.trim() !== search) change({ search: rested.trim() || null });
  }, [rested, search, change]);
  const { experiments, total, loading, error, reload, next, back } = useExperiments(search);
  const launch = useLaunchExperiment();
  const start = async (name: string) => {
    if (await launch.perform({ input: { experiment: name } }))
      router.push(`/runs?experiment=${encodeURIComponent(name)}`);
  };
  return (
    <Page
      title="Experiments"
      lead="A definition, what it varies, and the runs that came of it."
      actions={
        <AsButton look="primary">
          <Link href="/experiments/new" prefetch={false}>
            <Plus aria-hidden className="size-4" />
            New experiment
          </Link>
        </AsButton>
      }
    >
      {launch.error && <ErrorState error={launch.error} />}
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={8} label="Loading experiments" />
        </div>
      ) : total === 0 && search === '' ? (
        <EmptyState title="No experiments yet">
          <p>
            An experiment is a definition (model, dataset, tasks, what is frozen, how to train) and what to
            vary of it. Write one here, or launch a file:
          </p>
          <FirstRunSnippets />
        </EmptyState>
      ) : (
        <Card
          flush
          title="All experiments"
          note={total.toLocaleString('en-US')}
          actions={
            <TextInput
              type="search"
              aria-label="Search experiments by name"
              placeholder="Search by name"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          }
        >
          {experiments.length === 0 ? (
            <p className="px-4 pb-4 text-muted">No experiment’s name contains “{search}”.</p>
          ) : (
            <div tabIndex={0} role="group" aria-label="Experiments" className="overflow-x-auto">
              <table className="table-plain">
                <thead>
                  <tr>
                    <th scope="col">Experiment</th>
                    <th scope="col" className="num">
                      Runs
                    </th>
                    <th scope="col">Dataset</th>
                    <th scope="col">Model</th>
                    <th scope="col">Created</th>
                    <th scope="col">
                      <span className="sr-only">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {experiments.map((experiment) => (
                    <Row
                      key={experiment.id}
                      experiment={experiment}
                      onLaunch={() => void start(experiment.name)}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {(next || back) && (
            <div className="flex justify-end gap-2 px-4 py-2">
              <Button small disabled={back === null} onClick={() => back?.()}>
                Newer
              </Button>
              <Button small disabled={next === null} onClick={() => next?.()}>
                Older
              </Button>
            </div>
          )}
        </Card>
      )}
    </Page>
  );
}
