'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '@/lib/theme';

const order: readonly ThemeChoice[] = ['system', 'light', 'dark'];
const icons = { system: Monitor, light: Sun, dark: Moon };
const names = { system: 'as the system', light: 'light', dark: 'dark' };

/** Steps through the themes: as the system, light, dark. */
export function ThemeToggle() {
  const choice = useThemeChoice();
  const next = order[(order.indexOf(choice) + 1) % order.length] ?? 'system';
  const Icon = icons[choice];
  const label = `Theme: ${names[choice]}. Change to ${names[next]}`;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(next)}
      className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text"
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
}
