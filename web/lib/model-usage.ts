interface Use {
  client: string;
  day: string;
  lastUsedAt: string;
  requests: number;
  sentences: number;
}

/** How often a program asked a version, over all days that are known. */
export interface ProgramUse {
  client: string;
  version: number;
  requests: number;
  sentences: number;
  days: number;
  lastUsedAt: string;
}

/** Adds the days of each program and version up; who asked last comes first. */
export function programUses(versions: readonly { version: number; uses: readonly Use[] }[]): ProgramUse[] {
  const found = new Map<string, ProgramUse>();
  for (const { version, uses } of versions)
    for (const use of uses) {
      const key = `${version} ${use.client}`;
      const sum = found.get(key) ?? {
        client: use.client,
        version,
        requests: 0,
        sentences: 0,
        days: 0,
        lastUsedAt: use.lastUsedAt,
      };
      sum.requests += use.requests;
      sum.sentences += use.sentences;
      sum.days += 1;
      if (use.lastUsedAt > sum.lastUsedAt) sum.lastUsedAt = use.lastUsedAt;
      found.set(key, sum);
    }
  return [...found.values()].sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
}
