import { ArrowRight, Lock } from 'lucide-react';
import { formatCount } from '@/lib/format';
import type { ModelPart } from '@/lib/freeze';

function stateText(part: ModelPart): string {
  if (part.frozen === 1) return 'frozen';
  if (part.frozen === 0) return 'trains';
  const percent = Math.min(99, Math.max(1, Math.round(part.frozen * 100)));
  return `${percent} % frozen`;
}

function Part({ part }: { part: ModelPart }) {
  const parameters = part.parameters === null ? null : formatCount(part.parameters);
  return (
    <li
      title={`${part.label}: ${stateText(part)}${parameters === null ? '' : `, ${parameters} parameters`}`}
      className="min-w-0 overflow-hidden rounded-md border border-line"
    >
      <span aria-hidden className="flex h-3">
        <span className="hatched" style={{ width: `${part.frozen * 100}%` }} />
        <span className="flex-1 bg-trainable" />
      </span>
      <span className="flex flex-col gap-0.5 px-2 pt-1 pb-1.5">
        <span className="flex items-center gap-1 truncate text-table font-medium">
          {part.frozen === 1 && <Lock aria-hidden className="size-3 shrink-0 text-frozen-mark" />}
          <span className="truncate">{part.label}</span>
        </span>
        <span className="truncate text-axis">
          {stateText(part)}
          {parameters !== null && ` · ${parameters}`}
        </span>
      </span>
    </li>
  );
}

/** A model from input to heads, block by block: hatched with a lock is frozen, warm is what trains. */
export function FreezeDiagram({ parts, label }: { parts: readonly ModelPart[]; label: string }) {
  const backbone = parts.filter((part) => part.kind !== 'head');
  const heads = parts.filter((part) => part.kind === 'head');
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-2 md:flex-row md:items-center">
      <ol
        aria-label="Backbone"
        className="grid min-w-0 flex-1 grid-cols-[repeat(auto-fit,minmax(6.5rem,1fr))] gap-1.5"
      >
        {backbone.map((part) => (
          <Part key={part.key} part={part} />
        ))}
      </ol>
      {heads.length > 0 && (
        <>
          <ArrowRight aria-hidden className="size-4 shrink-0 rotate-90 self-center text-muted md:rotate-0" />
          <ul
            aria-label="Heads"
            className="grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] gap-1.5 md:w-40 md:grid-cols-1"
          >
            {heads.map((part) => (
              <Part key={part.key} part={{ ...part, label: `Head: ${part.label}` }} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** A share as a thin bar beside its number. */
export function ShareBar({ share, tone = 'bg-trainable' }: { share: number | null; tone?: string }) {
  return (
    <span aria-hidden className="block h-1 w-full overflow-hidden rounded-full bg-line">
      {share !== null && Number.isFinite(share) && (
        <span
          className={`block h-full ${tone}`}
          style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }}
        />
      )}
    </span>
  );
}
