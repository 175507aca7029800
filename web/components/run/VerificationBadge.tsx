'use client';

import {
  LoaderCircle,
  ShieldAlert,
  ShieldCheck,
  ShieldQuestion,
  ShieldX,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Popover } from '@/components/ui/Popover';
import { Ago, Digest, Facts } from '@/components/ui/Values';
import type { RunDetail, RunVerification } from '@/lib/api/use-run';
import { formatCount, formatPercent } from '@/lib/format';

interface Look {
  icon: LucideIcon;
  tone: string;
  spins?: boolean;
}

const looks: Record<RunVerification['state'], Look> = {
  QUEUED: { icon: ShieldQuestion, tone: 'text-muted' },
  RUNNING: { icon: LoaderCircle, tone: 'text-accent', spins: true },
  PASSED: { icon: ShieldCheck, tone: 'text-good' },
  DIVERGED: { icon: ShieldAlert, tone: 'text-warn' },
  FAILED: { icon: ShieldX, tone: 'text-bad' },
};

function summary({ state, step, stepsCompared, stepsRecorded }: RunVerification): string {
  switch (state) {
    case 'QUEUED':
      return 'Verification queued';
    case 'RUNNING':
      return stepsRecorded
        ? `Verifying, ${formatPercent(stepsCompared / stepsRecorded).replace(/\.\d+/, '')}`
        : 'Verifying';
    case 'PASSED':
      return 'Verified: equal bits';
    case 'DIVERGED':
      return step === null ? 'Diverged' : `Diverged at step ${formatCount(step)}`;
    case 'FAILED':
      return 'Verification failed';
  }
}

function meaning(verification: RunVerification): ReactNode {
  switch (verification.state) {
    case 'QUEUED':
      return 'It waits for a worker, which will run everything again and compare every bit.';
    case 'RUNNING':
      return 'A worker runs it again from the start and compares the loss of every step.';
    case 'PASSED':
      return 'Run again from the start: the loss of every step and the final weights were the same to the last bit.';
    case 'DIVERGED':
      return 'Run again from the start, something came out differently. What is named here differed first.';
    case 'FAILED':
      return verification.error?.message ?? 'It could not be carried out.';
  }
}

/** Whether the run was run again with the same bits, and the report behind it. */
export function VerificationBadge({ run }: { run: RunDetail }) {
  const { verification } = run;
  if (verification === null) return null;
  const { icon: Icon, tone, spins } = looks[verification.state];
  const rows: [string, ReactNode][] = [
    [
      'Steps',
      verification.stepsRecorded === null
        ? '—'
        : `${formatCount(verification.stepsCompared)} of ${formatCount(verification.stepsRecorded)} compared`,
    ],
    ...(verification.step === null
      ? []
      : ([
          ['First step', formatCount(verification.step)],
          ['Loss was', verification.lossWas === null ? 'no finite number' : String(verification.lossWas)],
          ['Loss is', verification.lossIs === null ? 'no finite number' : String(verification.lossIs)],
        ] satisfies [string, ReactNode][])),
    ...(verification.tensor === null
      ? []
      : ([
          [
            'First tensor',
            <code key="tensor" className="font-mono break-all">
              {verification.tensor}
            </code>,
          ],
          ['After epoch', formatCount(verification.epoch)],
        ] satisfies [string, ReactNode][])),
    ['Weights then', <Digest key="then" value={run.weightsSha256} name="digest of the recorded weights" />],
    ['Weights now', <Digest key="now" value={verification.weightsSha256} name="digest of the weights now" />],
    ['Asked for', <Ago key="asked" instant={verification.createdAt} />],
    ['Ended', <Ago key="ended" instant={verification.finishedAt} />],
  ];
  return (
    <Popover
      label="Verification report"
      className="w-96"
      trigger={
        <button
          type="button"
          data-verification={verification.state}
          className={`inline-flex items-center gap-1.5 rounded-md font-medium whitespace-nowrap hover:underline ${tone}`}
        >
          <Icon aria-hidden className={`size-4 ${spins ? 'animate-spin [animation-duration:2s]' : ''}`} />
          {summary(verification)}
        </button>
      }
    >
      <div className="flex flex-col gap-3 p-4">
        <div>
          <h2 className={`text-heading font-semibold ${tone}`}>{summary(verification)}</h2>
          <p className="mt-1 text-table break-words text-muted">{meaning(verification)}</p>
        </div>
        <Facts rows={rows} />
        {verification.changes.length > 0 && (
          <div className="text-table">
            <h3 className="font-medium">Inputs that are others now</h3>
            <ul className="mt-1 list-disc pl-5">
              {verification.changes.map(({ input, detail }) => (
                <li key={input} className="break-words">
                  {input}: <span className="text-muted">{detail}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
        {verification.notPromised.length > 0 && (
          <div className="text-table">
            <h3 className="font-medium">Equal bits were not promised here</h3>
            <ul className="mt-1 list-disc pl-5 text-muted">
              {verification.notPromised.map((reason) => (
                <li key={reason} className="break-words">
                  {reason}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Popover>
  );
}
