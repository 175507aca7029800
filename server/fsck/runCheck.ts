import { inTransaction } from '../db/database.js';
import { type Check, type FsckContext } from './check.js';

export interface CheckResult {
  name: string;
  promise: string;
  findings: { message: string; repaired: boolean }[];
}

/** Looks into one thing and, if asked to, puts right what it finds, each in a transaction of its own. */
export async function runCheck(
  { name, promise, find }: Check,
  context: FsckContext,
  { repair }: { repair: boolean },
): Promise<CheckResult> {
  const findings: CheckResult['findings'] = [];
  for (const { message, repair: mend } of await find(context)) {
    if (repair && mend) await inTransaction(context.database.pool, (client) => mend(client));
    findings.push({ message, repaired: repair && mend !== undefined });
  }
  return { name, promise, findings };
}
