'use client';

import { DropdownMenu as Radix } from 'radix-ui';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';

/** A menu of actions under a button, by the arrow keys and by first letters. */
export function ActionMenu({
  trigger,
  children,
  align = 'end',
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-30 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-44 overflow-auto rounded-lg border border-line bg-surface p-1 text-text shadow-lg"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** One action of a menu. */
export function MenuItem({
  icon: Icon,
  onSelect,
  children,
  disabled = false,
  danger = false,
}: {
  icon?: LucideIcon;
  onSelect: (event: Event) => void;
  children: ReactNode;
  disabled?: boolean;
  danger?: boolean;
}) {
  return (
    <Radix.Item
      disabled={disabled}
      onSelect={onSelect}
      className={`flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 py-1 outline-none data-disabled:opacity-50 data-highlighted:bg-sunken ${danger ? 'text-bad' : ''}`}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0 text-muted" />}
      <span className="min-w-0 flex-1 break-words">{children}</span>
    </Radix.Item>
  );
}

/** The name of a group of actions. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-2 pb-1 text-axis text-muted">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
