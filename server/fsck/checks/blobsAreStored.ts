import { FrostlineError } from '../../../experiments/errors.js';
import { type Check, type Finding } from '../check.js';

export const blobsAreStored: Check = {
  name: 'blobs',
  promise: 'every blob that the tables name is in the store; with --deep, byte for byte',
  async find({ database, blobs, deep }) {
    const findings: Finding[] = [];
    const rows = await database.prisma.blob.findMany({
      orderBy: { sha256: 'asc' },
      include: { checkpoints: { select: { runId: true, kind: true, step: true }, take: 1 } },
    });
    for (const { sha256, checkpoints } of rows) {
      const problem = deep ? await whyUnreadable(() => blobs.get(sha256)) : await whyAbsent(blobs, sha256);
      if (problem === null) continue;
      const [first] = checkpoints;
      const of = first ? ` (${first.kind} of step ${first.step} of run ${first.runId})` : '';
      findings.push({ message: `blob ${sha256}${of} ${problem}` });
    }
    return findings;
  },
};

async function whyAbsent(blobs: { has(sha256: string): Promise<boolean> }, sha256: string) {
  return (await blobs.has(sha256)) ? null : 'is not in the store';
}

async function whyUnreadable(read: () => Promise<unknown>): Promise<string | null> {
  try {
    await read();
    return null;
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    return error.code === 'CORRUPT' ? 'has changed in the store' : 'is not in the store';
  }
}
