'use client';

import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';
const KEY = 'frostline.theme';

function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  addEventListener('frostline-theme', listener);
  return () => {
    observer.disconnect();
    removeEventListener('frostline-theme', listener);
  };
}

function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

/** The theme in force; charts read their colours anew when it changes. */
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(
    watchTheme,
    () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'),
    () => 'light',
  );
}

/** What the reader chose: a theme, or to follow the system. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(watchTheme, storedChoice, () => 'system');
}

/** Stores the choice; public/theme.js applies it, here and in other tabs. */
export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Without storage the choice cannot be kept; the system's theme stays.
  }
  dispatchEvent(new Event('frostline-theme'));
}
