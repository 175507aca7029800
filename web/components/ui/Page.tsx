import type { ReactNode } from 'react';

/** A page's heading with what belongs beside it, and its content below in even steps. */
export function Page({
  title,
  documentTitle,
  lead,
  actions,
  children,
}: {
  title: ReactNode;
  /** Name of the browser's tab, where only the page's data tells it. */
  documentTitle?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto flex w-full max-w-[1440px] flex-col gap-4 p-4 lg:p-6">
      {documentTitle !== undefined && <title>{`${documentTitle} · Frostline`}</title>}
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-[1_1_14rem]">
          <h1 className="text-page font-semibold break-words">{title}</h1>
          {lead !== undefined && <div className="mt-1 max-w-[100ch] text-muted">{lead}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
