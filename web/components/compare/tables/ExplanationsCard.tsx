'use client';

import {
  CircleCheck,
  CircleHelp,
  GitCompareArrows,
  ShieldAlert,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import { useMemo } from 'react';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { Card } from '@/components/ui/Card';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { useExplanations, type Explanation } from '@/lib/api/use-explanations';
import { isActive } from '@/lib/api/use-run';
import { plural } from '@/lib/format';
import { highlightRun } from '@/lib/highlight';
import { useInView } from '@/lib/use-in-view';
import type { ComparedRun } from '../compared';

const looks: Record<Explanation['explained'], { icon: LucideIcon; tone: string }> = {
  SAME_BITS: { icon: CircleCheck, tone: 'text-good' },
  INPUTS_DIFFER: { icon: GitCompareArrows, tone: 'text-accent' },
  NOT_PROMISED: { icon: ShieldAlert, tone: 'text-warn' },
  UNEXPLAINED: { icon: TriangleAlert, tone: 'text-bad' },
  UNKNOWN: { icon: CircleHelp, tone: 'text-muted' },
};

/** Changes that are shown without being asked for. */
const SHOWN = 4;

function Changes({ changes }: { changes: Explanation['changes'] }) {
  const item = ({ input, detail }: Explanation['changes'][number]) => (
    <li key={`${input} ${detail}`} className="break-words">
      <span className="text-muted">{input}</span> {detail}
    </li>
  );
  if (changes.length === 0) return <span className="text-muted">nothing that is recorded</span>;
  return (
    <>
      <ul>{changes.slice(0, SHOWN).map(item)}</ul>
      {changes.length > SHOWN && (
        <details>
          <summary className="cursor-pointer text-muted">
            {plural(changes.length - SHOWN, 'more change')}
          </summary>
          <ul>{changes.slice(SHOWN).map(item)}</ul>
        </details>
      )}
    </>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Why each run came out other than the baseline: by what went into it, not only by its settings. */
export function ExplanationsCard({ runs }: { runs: readonly ComparedRun[] }) {
  const [box, seen] = useInView<HTMLDivElement>();
  const ids = useMemo(() => runs.map(({ run }) => run.id), [runs]);
  const moment = runs.map(({ run }) => isActive(run.state)).join();
  const { explanations, error, reload } = useExplanations(ids, moment, !seen);
  const [baseline, ...others] = runs;
  return (
    <div ref={box} id="explained" className="min-w-0 scroll-mt-28">
      <Card
        title="What explains the difference"
        note={`data, weights, definition, code, versions and device, against ${baseline?.name ?? ''}`}
        flush
      >
        {error ? (
          <div className="px-4 pb-4">
            <ErrorState error={error} retry={reload} />
          </div>
        ) : explanations === null && !seen ? (
          <div className="h-24" />
        ) : explanations === null ? (
          <SkeletonLines lines={3} label="Loading what explains the difference" />
        ) : (
          <div
            tabIndex={0}
            role="region"
            aria-label="What explains the difference, by run"
            className="max-h-96 overflow-auto"
          >
            <table className="table-plain">
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  <th scope="col">Weights</th>
                  <th scope="col">What went in differs by</th>
                </tr>
              </thead>
              <tbody>
                {others.map(({ run, name, slot }) => {
                  const found = explanations.find((each) => each.run === run.id);
                  if (!found) return null;
                  const { icon: Icon, tone } = looks[found.explained];
                  return (
                    <tr
                      key={run.id}
                      data-run={run.id}
                      data-explained={found.explained}
                      onPointerEnter={() => highlightRun(run.id)}
                      onPointerLeave={() => highlightRun(null)}
                    >
                      <th
                        scope="row"
                        className="max-w-64 min-w-32 font-normal! whitespace-normal! text-text!"
                      >
                        <span className="flex items-start gap-1.5">
                          <span className="mt-1">
                            <RunSwatch slot={slot} />
                          </span>
                          <span className="min-w-0 break-words">{name}</span>
                        </span>
                      </th>
                      <td className="min-w-44">
                        <span className="flex items-start gap-1.5">
                          <Icon aria-hidden className={`mt-px size-3.5 shrink-0 ${tone}`} />
                          {sentence(found.summary)}
                        </span>
                      </td>
                      <td className="min-w-56">
                        <Changes changes={found.changes} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </div>
  );
}
