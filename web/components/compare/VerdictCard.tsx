import { Scale } from 'lucide-react';
import type { ReactNode } from 'react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { ShareBar } from '@/components/freeze/FreezeDiagram';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { Card } from '@/components/ui/Card';
import {
  formatCount,
  formatDeviation,
  formatNumber,
  formatPercent,
  formatPoints,
  formatRatio,
  formatSeconds,
  plural,
} from '@/lib/format';
import { phaseLabel } from '@/lib/metrics';
import { regimeOf } from '@/lib/regime';
import { TOLERANCE, type Spread, type VerdictRow } from '@/lib/verdict';
import type { ComparedRun, MeasuredVerdict } from './compared';
import { Delta } from './Delta';

function difference(value: Spread, base: Spread | undefined): number | null {
  if (value.mean === null || base?.mean === null || base?.mean === undefined) return null;
  return value.mean - base.mean;
}

function Cell({
  value,
  text,
  share = false,
  children,
}: {
  value: Spread;
  text: (value: number | null) => string;
  share?: boolean;
  children?: ReactNode;
}) {
  return (
    <td className="num">
      <span className="font-medium">{text(value.mean)}</span>
      {value.deviation !== null && (
        <span className="text-muted"> ± {formatDeviation(value.deviation, share)}</span>
      )}
      {children && <div>{children}</div>}
    </td>
  );
}

/** How a regime stands to the best one: "the same as full", "0.80 pp below full". */
function behind(keep: VerdictRow, best: VerdictRow): string {
  const gap = best.meanAccuracy! - keep.meanAccuracy!;
  if (gap < 0.00005) return `the same as ${best.label}`;
  return `${formatPoints(gap).slice(1)} below ${best.label}`;
}

function Sentence({ verdict, base }: { verdict: MeasuredVerdict; base: VerdictRow | undefined }) {
  const { rows } = verdict;
  const keep = rows.find((row) => row.label === verdict.keep);
  const best = rows.find((row) => row.label === verdict.best);
  if (rows.length < 2)
    return (
      <>All runs here freeze the same. Add a run of another regime to see what freezing gives and costs.</>
    );
  if (!keep || !best) return <>No regime has an accuracy yet, so there is nothing to choose between.</>;
  const dearest = rows.reduce((top, row) => ((row.seconds.mean ?? 0) > (top.seconds.mean ?? 0) ? row : top));
  const other = base && base !== keep ? base : dearest;
  const ratio =
    keep.seconds.mean !== null && other.seconds.mean ? keep.seconds.mean / other.seconds.mean : null;
  const cost = (
    <>
      training {formatPercent(keep.trainableShare)} of the parameters in {formatSeconds(keep.seconds.mean)}
      {other !== keep && ratio !== null && ` (${formatRatio(ratio)} the time of ${other.label})`}
    </>
  );
  if (keep === best)
    return (
      <>
        <strong>Keep {keep.label}</strong>: the best mean accuracy, {formatPercent(keep.meanAccuracy)}, {cost}
        .
      </>
    );
  return (
    <>
      <strong>Keep {keep.label}</strong>: {formatPercent(keep.meanAccuracy)} mean accuracy,{' '}
      {behind(keep, best)}, {cost}.
    </>
  );
}

function Row({
  row,
  base,
  verdict,
  runs,
}: {
  row: VerdictRow;
  base: VerdictRow | undefined;
  verdict: MeasuredVerdict;
  runs: readonly ComparedRun[];
}) {
  const members = runs.filter(({ run }) => row.runIds.includes(run.id));
  const first = members[0];
  const kept = row.label === verdict.keep;
  const isBase = row === base;
  const slowest = Math.max(...verdict.rows.map((other) => other.seconds.mean ?? 0));
  const seconds = row.seconds.mean;
  return (
    <tr className={kept ? 'bg-accent-soft' : undefined} data-regime={row.label}>
      <th scope="row" className="min-w-32 !font-medium !whitespace-normal">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-text">
          {first && <RegimeGlyph regime={regimeOf(first.run.freeze)} />}
          {row.label}
          {kept && (
            <span className="rounded-full bg-accent px-1.5 text-axis font-medium text-on-accent">keep</span>
          )}
          {isBase && (
            <span className="rounded-full border border-line-strong px-1.5 text-axis text-muted">
              baseline
            </span>
          )}
        </span>
        <span className="mt-1 flex items-center gap-1 font-normal">
          {members.map((member) => (
            <RunSwatch key={member.run.id} slot={member.slot} />
          ))}
          <span className="text-axis">{plural(members.length, 'run')}</span>
        </span>
      </th>
      <td className="num min-w-28">
        <span className="font-medium">{formatPercent(row.trainableShare)}</span>
        <div className="text-axis text-muted">{formatCount(row.trainableParameters)}</div>
        <ShareBar share={row.trainableShare} />
      </td>
      <Cell value={row.loss} text={formatNumber}>
        {!isBase && (
          <Delta metric={verdict.loss} delta={difference(row.loss, base?.loss)} higherIsBetter={false} />
        )}
      </Cell>
      {verdict.tasks.map((task) => (
        <Cell key={task} value={row.accuracy[task]!} text={formatPercent} share>
          {!isBase && (
            <Delta
              metric={verdict.accuracies[task]!}
              delta={difference(row.accuracy[task]!, base?.accuracy[task])}
              higherIsBetter
            />
          )}
        </Cell>
      ))}
      <td className="num min-w-28">
        <span className="font-medium">{formatSeconds(seconds)}</span>
        {row.seconds.deviation !== null && (
          <span className="text-muted"> ± {formatSeconds(row.seconds.deviation)}</span>
        )}
        <div className="text-axis text-muted">
          {!isBase && seconds !== null && base?.seconds.mean
            ? `${formatRatio(seconds / base.seconds.mean)} baseline`
            : ' '}
        </div>
        <ShareBar share={seconds === null || slowest === 0 ? null : seconds / slowest} tone="bg-accent" />
      </td>
    </tr>
  );
}

/** What should I freeze, and what does it cost me: one row a regime, and the one to keep. */
export function VerdictCard({ verdict, runs }: { verdict: MeasuredVerdict; runs: readonly ComparedRun[] }) {
  const base = verdict.rows.find((row) => runs[0] && row.runIds.includes(runs[0].run.id));
  const repeated = verdict.rows.some((row) => row.runIds.length > 1);
  const rule = `Keep names the regime with the least compute time whose mean accuracy is within ${TOLERANCE * 100} percentage point${repeated ? ', or one standard deviation over its seeds,' : ''} of the best.`;
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <Scale aria-hidden className="size-4 text-accent" />
          Verdict
        </span>
      }
      flush
    >
      <div className="flex flex-col gap-1 px-4 pb-3">
        <p className="text-heading" data-verdict>
          <Sentence verdict={verdict} base={base} />
        </p>
        <p className="max-w-[100ch] text-table text-muted">
          {rule}{' '}
          {!verdict.onValidation &&
            'Accuracies are of the training rows: they tell how well a regime fits, not how well it generalises; a validation split would.'}
          {verdict.unfinished > 0 &&
            ` ${plural(verdict.unfinished, 'run')} not finished: the verdict may change.`}
        </p>
      </div>
      <div
        className="relative overflow-x-auto border-t border-line"
        tabIndex={0}
        role="region"
        aria-label="Verdict by freeze regime"
      >
        <table className="table-plain">
          <caption className="sr-only">Cost and quality of each freeze regime</caption>
          <thead>
            <tr>
              <th scope="col">Freeze regime</th>
              <th scope="col" className="num">
                Trainable
              </th>
              <th scope="col" className="num">
                Final loss
                <span className="block text-axis font-normal">{phaseLabel(verdict.loss)}</span>
              </th>
              {verdict.tasks.map((task) => (
                <th key={task} scope="col" className="num">
                  {task} accuracy
                  <span className="block text-axis font-normal">{phaseLabel(verdict.accuracies[task]!)}</span>
                </th>
              ))}
              <th scope="col" className="num">
                Compute
              </th>
            </tr>
          </thead>
          <tbody>
            {verdict.rows.map((row) => (
              <Row key={row.label} row={row} base={base} verdict={verdict} runs={runs} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
