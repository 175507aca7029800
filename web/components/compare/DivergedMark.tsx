import { TriangleAlert } from 'lucide-react';
import { divergenceTitle, type Divergence } from '@/lib/divergence';

/** Beside a run whose loss became NaN or infinite; nothing beside others. */
export function DivergedMark({ divergence }: { divergence: Divergence | null | undefined }) {
  if (!divergence) return null;
  const title = divergenceTitle(divergence);
  return (
    <span
      data-diverged={divergence.step}
      title={title}
      className="inline-flex items-center gap-1 rounded-full bg-bad-soft px-1.5 text-axis font-normal whitespace-nowrap text-bad"
    >
      <TriangleAlert aria-hidden className="size-3" />
      <span aria-hidden>{divergence.recovered ? divergence.value : 'diverged'}</span>
      <span className="sr-only">{title}</span>
    </span>
  );
}
