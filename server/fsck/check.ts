import type { BlobStore } from '../blobs/blobStore.js';
import type { Database, Queryable } from '../db/database.js';

export interface FsckContext {
  database: Database;
  blobs: BlobStore;
  /** Where workers of this machine keep state of runs; other machines' folders are theirs to look at. */
  runsFolder: string;
  /** Read every blob and every point, too. */
  deep: boolean;
  /** What is younger may be on its way into a table. In seconds. */
  graceSeconds: number;
}

/** Something that should not be. */
export interface Finding {
  message: string;
  /** Puts it right, where that loses nothing. */
  repair?(client: Queryable): Promise<void>;
}

/** One thing that is looked into. */
export interface Check {
  name: string;
  /** What holds when all is well. */
  promise: string;
  find(context: FsckContext): Promise<Finding[]>;
}
