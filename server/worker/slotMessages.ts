import { type Work } from './work.js';

/** What a worker tells the processes that work for it. */
export type ToSlot =
  { type: 'open'; url: string; workerId: string } | { type: 'work'; work: Work } | { type: 'stop' };

/** What such a process answers. */
export type FromSlot =
  | { type: 'done'; jobId: string; error: string | null }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; text: string };
