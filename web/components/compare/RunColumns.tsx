import Link from 'next/link';
import { RunSwatch } from '@/components/runs/RunSwatch';
import type { ComparedRun } from './compared';

/** Headings of a table with one column a run, after a first column named `first`. */
export function RunColumnHeads({ runs, first }: { runs: readonly ComparedRun[]; first: string }) {
  return (
    <thead>
      <tr>
        <th scope="col" className="sticky left-0 z-[1] bg-surface">
          {first}
        </th>
        {runs.map(({ run, name, slot, baseline }) => (
          <th key={run.id} scope="col" className="num">
            <span className="inline-flex max-w-48 items-center gap-1.5">
              <RunSwatch slot={slot} />
              <Link href={`/runs/${run.id}`} title={run.name} className="truncate text-text hover:underline">
                {name}
              </Link>
            </span>
            {baseline && <span className="block text-axis font-normal">baseline</span>}
          </th>
        ))}
      </tr>
    </thead>
  );
}
