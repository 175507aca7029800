import { useId, type ReactNode } from 'react';

/** A titled section of a page on its own surface. */
export function Card({
  title,
  note,
  actions,
  children,
  flush = false,
  className = '',
}: {
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Lets a table reach the card's edges. */
  flush?: boolean;
  className?: string;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`min-w-0 rounded-lg border border-line bg-surface ${className}`}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3 pb-2">
        <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <h2 id={id} className="text-heading font-semibold">
            {title}
          </h2>
          {note !== undefined && <span className="text-table text-muted">{note}</span>}
        </div>
        {actions}
      </div>
      <div className={flush ? 'relative overflow-x-auto' : 'px-4 pb-4'}>{children}</div>
    </section>
  );
}
