'use client';

import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab<Name extends string> {
  name: Name;
  title: ReactNode;
}

/** Tabs over parts of a page; the arrow keys move between them. */
export function Tabs<Name extends string>({
  tabs,
  active,
  onChange,
  label,
  children,
}: {
  tabs: readonly Tab<Name>[];
  active: Name;
  onChange: (name: Name) => void;
  label: string;
  children: ReactNode;
}) {
  return (
    <Radix.Root
      value={active}
      onValueChange={(value) => onChange(value as Name)}
      className="flex min-w-0 flex-col gap-4"
    >
      <Radix.List
        aria-label={label}
        className="flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:thin]"
      >
        {tabs.map(({ name, title }) => (
          <Radix.Trigger
            key={name}
            value={name}
            className="-mb-px inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent px-3 whitespace-nowrap text-muted hover:text-text focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {title}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content value={active} className="flex min-w-0 flex-col gap-4" tabIndex={-1}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}
