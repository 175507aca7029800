'use client';

import { Command } from 'cmdk';
import {
  Box,
  Database,
  FlaskConical,
  Keyboard,
  ListTree,
  Moon,
  Plus,
  Sun,
  type LucideIcon,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { stateLooks } from '@/components/runs/RunStateBadge';
import { useSearch } from '@/lib/search';
import { showShellDialog } from '@/lib/shell-dialog';
import { chooseTheme, useTheme } from '@/lib/theme';
import { destinations } from './navigation';

const item =
  'flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2 data-[selected=true]:bg-sunken';
const group =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-axis [&_[cmdk-group-heading]]:text-muted';

function Choice({
  value,
  icon: Icon,
  tone = 'text-muted',
  onSelect,
  children,
}: {
  value: string;
  icon: LucideIcon;
  tone?: string;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item value={value} onSelect={onSelect} className={item}>
      <Icon aria-hidden className={`size-4 shrink-0 ${tone}`} />
      <span className="flex min-w-0 flex-1 items-baseline gap-2">{children}</span>
    </Command.Item>
  );
}

/** Finds runs, experiments, datasets, models, pages and actions by name; opened by Ctrl or Cmd and K. */
export function CommandPalette({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [text, setText] = useState('');
  const found = useSearch(text);
  const router = useRouter();
  const theme = useTheme();
  const wanted = text.trim().toLowerCase();
  const matches = (name: string) => name.toLowerCase().includes(wanted);
  // What was found for the text before stays only as far as it is about this one, too.
  const runs = found.runs.filter(({ name }) => matches(name));
  const experiments = found.experiments.filter(({ name }) => matches(name));
  const datasets = found.datasets.filter(({ name }) => matches(name));
  const models = found.models.filter(({ name }) => matches(name));
  const close = () => {
    onOpenChange(false);
    setText('');
  };
  const go = (href: string) => () => {
    close();
    router.push(href);
  };
  const pages = destinations.filter(({ name }) => matches(name));
  const themeAction = theme === 'dark' ? 'Use the light theme' : 'Use the dark theme';
  // What comes first is what Enter takes, whenever something else has been found.
  const first =
    runs[0] !== undefined
      ? `run ${runs[0].id}`
      : experiments[0] !== undefined
        ? `experiment ${experiments[0].id}`
        : datasets[0] !== undefined
          ? `dataset ${datasets[0].id}`
          : models[0] !== undefined
            ? `model ${models[0].id}`
            : pages[0] !== undefined
              ? `page ${pages[0].href}`
              : matches('New experiment')
                ? 'new experiment'
                : 'theme';
  const [pointed, setPointed] = useState(first);
  useEffect(() => setPointed(first), [first]);
  const nothing =
    !found.searching && [runs, experiments, datasets, models, pages].every((list) => list.length === 0);
  return (
    <Command.Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      label="Search"
      value={pointed}
      onValueChange={setPointed}
      shouldFilter={false}
      overlayClassName="fixed inset-0 z-40 bg-black/40"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-surface text-text shadow-xl"
    >
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Search runs, experiments, datasets, models and pages"
        className="h-11 w-full border-b border-line bg-surface px-4 outline-none placeholder:text-muted"
      />
      <Command.List className="max-h-[60vh] overflow-auto p-1" aria-label="Found">
        {nothing && <p className="px-3 py-4 text-muted">Nothing is called “{text.trim()}”.</p>}
        {runs.length > 0 && (
          <Command.Group heading={wanted === '' ? 'Newest runs' : 'Runs'} className={group}>
            {runs.map((run) => {
              const { icon, tone } = stateLooks[run.state];
              return (
                <Choice
                  key={run.id}
                  value={`run ${run.id}`}
                  icon={icon}
                  tone={tone}
                  onSelect={go(`/runs/${run.id}`)}
                >
                  <span className="truncate font-medium">{run.name}</span>
                  {run.experiment && (
                    <span className="truncate text-table text-muted">{run.experiment.name}</span>
                  )}
                </Choice>
              );
            })}
            {wanted !== '' && (
              <Choice
                value="all matching runs"
                icon={ListTree}
                onSelect={go(`/runs?q=${encodeURIComponent(`name ~ ${JSON.stringify(text.trim())}`)}`)}
              >
                All runs with “{text.trim()}” in their name
              </Choice>
            )}
          </Command.Group>
        )}
        {experiments.length > 0 && (
          <Command.Group heading="Experiments" className={group}>
            {experiments.map(({ id, name }) => (
              <Choice
                key={id}
                value={`experiment ${id}`}
                icon={FlaskConical}
                onSelect={go(`/runs?experiment=${encodeURIComponent(name)}`)}
              >
                <span className="truncate">{name}</span>
              </Choice>
            ))}
          </Command.Group>
        )}
        {datasets.length > 0 && (
          <Command.Group heading="Datasets" className={group}>
            {datasets.map(({ id, name, version }) => (
              <Choice
                key={id}
                value={`dataset ${id}`}
                icon={Database}
                onSelect={go(`/datasets/${encodeURIComponent(name)}`)}
              >
                <span className="truncate">{name}</span>
                <span className="text-table text-muted">version {version}</span>
              </Choice>
            ))}
          </Command.Group>
        )}
        {models.length > 0 && (
          <Command.Group heading="Models" className={group}>
            {models.map(({ id, name, aliases }) => (
              <Choice
                key={id}
                value={`model ${id}`}
                icon={Box}
                onSelect={go(`/models/${encodeURIComponent(name)}`)}
              >
                <span className="truncate">{name}</span>
                <span className="truncate text-table text-muted">
                  {aliases.map((alias) => `${alias.name} ${alias.version}`).join(' · ')}
                </span>
              </Choice>
            ))}
          </Command.Group>
        )}
        {pages.length > 0 && (
          <Command.Group heading="Pages" className={group}>
            {pages.map(({ href, name, icon }) => (
              <Choice key={href} value={`page ${href}`} icon={icon} onSelect={go(href)}>
                {name}
              </Choice>
            ))}
          </Command.Group>
        )}
        {[themeAction, 'Keyboard shortcuts', 'New experiment'].some(matches) && (
          <Command.Group heading="Actions" className={group}>
            {matches('New experiment') && (
              <Choice value="new experiment" icon={Plus} onSelect={go('/experiments/new')}>
                New experiment
              </Choice>
            )}
            {matches(themeAction) && (
              <Choice
                value="theme"
                icon={theme === 'dark' ? Sun : Moon}
                onSelect={() => {
                  chooseTheme(theme === 'dark' ? 'light' : 'dark');
                  close();
                }}
              >
                {themeAction}
              </Choice>
            )}
            {matches('Keyboard shortcuts') && (
              <Choice
                value="shortcuts"
                icon={Keyboard}
                onSelect={() => {
                  setText('');
                  showShellDialog('shortcuts');
                }}
              >
                Keyboard shortcuts
              </Choice>
            )}
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}
