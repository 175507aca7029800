'use client';

import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import type { ChartGroup } from '@/lib/chart-groups';
import { nearestNames } from '@/lib/nearest-names';

/** Which charts are shown, by the first metric of each. */
export function ChartPicker({
  groups,
  shown,
  usual,
  onChange,
}: {
  groups: readonly ChartGroup[];
  shown: ReadonlySet<string>;
  usual: ReadonlySet<string>;
  onChange: (shown: ReadonlySet<string>) => void;
}) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = groups.filter((group) =>
    [group.title, ...group.metrics].some((name) => name.toLowerCase().includes(wanted)),
  );
  const names = groups.flatMap((group) => group.metrics);
  const toggle = (key: string) => {
    const next = new Set(shown);
    if (!next.delete(key)) next.add(key);
    onChange(next);
  };
  return (
    <Popover
      label="Charts to show"
      align="end"
      trigger={
        <Button small>
          <ListFilter aria-hidden className="size-3.5" />
          {shown.size} of {groups.length} charts
        </Button>
      }
    >
      <div className="flex flex-col gap-2 p-3 text-table">
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder="Find a metric"
          aria-label="Find a metric"
          className="h-8 rounded-md border border-line-strong bg-surface px-2"
        />
        <div className="flex gap-2">
          <Button small onClick={() => onChange(usual)}>
            Usual
          </Button>
          <Button
            small
            onClick={() => onChange(new Set([...shown, ...found.map((group) => group.metrics[0]!)]))}
          >
            Add {wanted === '' ? 'all' : 'these'}
          </Button>
          <Button small onClick={() => onChange(new Set())}>
            None
          </Button>
        </div>
        <ul className="flex max-h-64 flex-col overflow-auto">
          {found.map((group) => (
            <li key={group.title}>
              <label className="flex items-center gap-2 rounded px-1 py-1 hover:bg-sunken">
                <input
                  type="checkbox"
                  checked={shown.has(group.metrics[0]!)}
                  onChange={() => toggle(group.metrics[0]!)}
                  className="accent-accent"
                />
                <span className="min-w-0 truncate">
                  {group.title}
                  <span className="ml-1.5 font-mono text-axis text-muted">{group.metrics.join(', ')}</span>
                </span>
              </label>
            </li>
          ))}
          {found.length === 0 && (
            <li className="text-muted">
              No run here logged “{search}”. The nearest: {nearestNames(search, names).join(', ')}.
            </li>
          )}
        </ul>
      </div>
    </Popover>
  );
}
