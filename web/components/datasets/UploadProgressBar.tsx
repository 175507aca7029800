import type { UploadProgress } from '@/lib/api/upload-dataset';
import { formatPercent, plural } from '@/lib/format';

const words: Record<UploadProgress['phase'], string> = {
  sending: 'Sending the file',
  checking: 'Checking its rows',
  splitting: 'Drawing splits',
  storing: 'Storing its rows',
};

/** What an upload is at, in words and as a bar. */
export function UploadProgressBar({ progress }: { progress: UploadProgress }) {
  const { phase, share, rows } = progress;
  const percent = share === null ? null : Math.floor(share * 100);
  return (
    <div className="flex flex-col gap-2">
      <div
        role="progressbar"
        aria-label={words[phase]}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        className="h-2 overflow-hidden rounded-full bg-line"
      >
        <div
          className={`h-full rounded-full bg-accent ${percent === null ? 'animate-pulse' : ''}`}
          style={{ width: `${percent ?? 100}%` }}
        />
      </div>
      <p className="flex flex-wrap justify-between gap-x-4 text-table text-muted">
        <span>
          {words[phase]}
          {rows !== null && ` · ${plural(rows, 'row')}`}
        </span>
        {share !== null && <span>{formatPercent(share).replace(/\.\d+/, '')}</span>}
      </p>
    </div>
  );
}
