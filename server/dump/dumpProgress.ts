/** How far a dump is, or what reads one: rows of all tables, then bytes of all blobs. */
export interface DumpProgress {
  phase: 'rows' | 'blobs';
  done: number;
  total: number;
}

/** Adds up what is done of a phase, and tells it each time. */
export function counting(
  { phase, total }: Pick<DumpProgress, 'phase' | 'total'>,
  onProgress: (progress: DumpProgress) => void,
): (more: number) => void {
  let done = 0;
  return (more) => {
    done += more;
    onProgress({ phase, done, total });
  };
}
