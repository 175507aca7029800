import { type Browser } from 'playwright-core';
import { type Client } from '../bench-tracker/client.js';

/** What a row works with: a server on an empty database, and Chromium. */
export interface WebBench {
  url: string;
  databaseUrl: string;
  client: Client;
  browser: Browser;
  /** A tenth of the data or so: to see that everything works. */
  quick: boolean;
}

/** One line of the table. */
export interface WebRow {
  id: string;
  title: string;
  target: number;
  unit: string;
  better: 'higher' | 'lower';
  /** Measures in the browser and returns one number; more that is worth keeping goes into `details`. */
  measure(bench: WebBench, details: Record<string, unknown>): Promise<number>;
}
