'use client';

import { Menu, X } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { SignOut } from '@/components/session/SignOut';
import { ConnectionIndicator } from './ConnectionIndicator';
import { destinations } from './navigation';
import { SearchButton, ShellDialogs, ShortcutsButton } from './ShellDialogs';
import { ThemeToggle } from './ThemeToggle';

function Logo() {
  return (
    <Link href="/" prefetch={false} className="flex items-center gap-2 rounded-md text-heading font-semibold">
      <svg aria-hidden viewBox="0 0 32 32" className="size-6">
        <rect width="32" height="32" rx="7" fill="#2c45b4" />
        <path d="M7 22h18M7 16h18" stroke="#81e6f1" strokeWidth="3" strokeLinecap="round" />
        <path d="M7 10h18" stroke="#ff8a3d" strokeWidth="3" strokeLinecap="round" />
      </svg>
      Frostline
    </Link>
  );
}

function isCurrent(path: string, href: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}

/** The frame of every page: navigation at the side (on top where narrow), and the one <main>. */
export function AppShell({ children }: { children: ReactNode }) {
  const path = usePathname();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  // Nothing else can be had before one has signed in.
  if (path === '/sign-in') return <main className="flex min-h-dvh flex-col justify-center">{children}</main>;
  return (
    <div className="flex min-h-dvh flex-col lg:flex-row">
      <a
        href="#content"
        className="sr-only z-30 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-surface lg:static lg:w-48 lg:shrink-0 lg:border-r lg:border-b-0">
        <div className="flex flex-wrap items-center gap-2 px-4 py-2 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:flex-nowrap lg:items-stretch lg:px-3 lg:py-4">
          <div className="lg:px-2 lg:pb-3">
            <Logo />
          </div>
          <div className="hidden px-2 pb-3 lg:block">
            <SearchButton />
          </div>
          <div className="ml-auto flex items-center gap-1 lg:order-last lg:mt-auto lg:ml-0 lg:px-2">
            <ConnectionIndicator />
            <SignOut />
            <span aria-hidden className="hidden flex-1 lg:block" />
            <span className="lg:hidden">
              <SearchButton />
            </span>
            <ThemeToggle />
            <ShortcutsButton />
            <button
              type="button"
              aria-expanded={open}
              aria-controls="navigation"
              aria-label={open ? 'Close the menu' : 'Open the menu'}
              onClick={() => setOpen(!open)}
              className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text lg:hidden"
            >
              {open ? <X aria-hidden className="size-4" /> : <Menu aria-hidden className="size-4" />}
            </button>
          </div>
          <nav
            id="navigation"
            aria-label="Pages"
            onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
            className={`${open ? 'block' : 'hidden'} w-full lg:block`}
          >
            <ul className="flex flex-col gap-0.5">
              {destinations.map(({ href, name, icon: Icon }) => {
                const current = isCurrent(path, href);
                return (
                  <li key={href}>
                    <Link
                      href={href}
                      // Not as soon as it is seen: a first page would pay for all the others.
                      prefetch={false}
                      onPointerEnter={() => router.prefetch(href)}
                      onFocus={() => router.prefetch(href)}
                      aria-current={current ? 'page' : undefined}
                      onClick={() => setOpen(false)}
                      className={`flex h-9 items-center gap-2.5 rounded-md px-2 lg:h-8 ${current ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-sunken hover:text-text'}`}
                    >
                      <Icon aria-hidden className="size-4" />
                      {name}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </nav>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
      <ShellDialogs />
    </div>
  );
}
