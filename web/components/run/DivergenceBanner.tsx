import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { RunDetail } from '@/lib/api/use-run';
import { divergenceRemedies, divergenceTitle, lastGoodCheckpoint, stepText } from '@/lib/divergence';
import { formatNumber } from '@/lib/format';

/** Says where the loss of a run stopped being a number, what was there before, and what helps. Nothing for other runs. */
export function DivergenceBanner({ run }: { run: RunDetail }) {
  const { divergence, checkpoints, definition, external } = run;
  if (!divergence) return null;
  const { metric, value, lastFinite, lastFiniteStep, recovered } = divergence;
  const good = lastGoodCheckpoint(checkpoints, divergence);
  const remedies = divergenceRemedies(external ? null : definition);
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg border border-bad bg-bad-soft p-4">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium">{divergenceTitle(divergence)}</p>
        <p className="text-table break-words">
          <code>{metric}</code> {recovered ? 'was' : 'became'} {value}
          {lastFinite == null
            ? ', and was no number before.'
            : `; before, at step ${stepText(lastFiniteStep)}, it was ${formatNumber(lastFinite)}.`}
          {recovered && ' It is a number again.'}
          {good !== null && ` The last good checkpoint is of step ${stepText(good)}: fork from it.`}
        </p>
        <p className="text-table break-words">
          What usually helps: {remedies.slice(0, -1).join(', ')} or {remedies.at(-1)}.
          {!external && (
            <>
              {' '}
              <Link className="link" prefetch={false} href={`/experiments/new?run=${run.id}`}>
                Try other settings
              </Link>
            </>
          )}
        </p>
      </div>
    </div>
  );
}
