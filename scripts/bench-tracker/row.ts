import { type Client } from './client.js';

/** What a row works with. */
export interface Bench {
  port: number;
  databaseUrl: string;
  client(connections: number): Client;
  /** A hundredth of the data or so: to see that everything works. */
  quick: boolean;
}

/** One line of the table. */
export interface Row {
  id: string;
  title: string;
  target: number;
  unit: string;
  better: 'higher' | 'lower';
  /** Whether the peer can do the same. */
  hasPeer?: true;
  /** Measures on the server and returns one number; more that is worth keeping goes into `details`. */
  measure(bench: Bench, details: Record<string, unknown>): Promise<number>;
}
