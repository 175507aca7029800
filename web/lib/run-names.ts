interface NamedRun {
  name: string;
  experiment: string | null;
  seed: number;
}

/**
 * Names that tell runs shown together apart: the run's own where that suffices, else with its experiment, else with
 * its seed, else with its place among its namesakes. Points of one sweep go by what it varies.
 */
export function distinctNames(all: readonly NamedRun[]): string[] {
  const together = all.every(({ experiment }) => experiment === all[0]?.experiment);
  const runs = together ? all.map((run) => ({ ...run, name: nameWithin(run.name, run.experiment) })) : all;
  return runs.map((run, index) => {
    const namesakes = runs.filter((other) => other.name === run.name);
    if (namesakes.length === 1) return run.name;
    const addition = [run.experiment ?? '', `seed ${run.seed}`];
    const ways = [
      (other: NamedRun) => [other.experiment ?? ''],
      (other: NamedRun) => [`seed ${other.seed}`],
      (other: NamedRun) => [other.experiment ?? '', `seed ${other.seed}`],
    ];
    for (const way of ways) {
      const told = namesakes.map((other) => way(other).join(' · '));
      if (new Set(told).size === namesakes.length) return [run.name, ...way(run)].filter(Boolean).join(' · ');
    }
    const place = runs.slice(0, index + 1).filter((other) => other.name === run.name).length;
    return [run.name, ...addition.filter(Boolean), `#${place}`].join(' · ');
  });
}

/** A run's name where its experiment stands beside it: of a point of a sweep, only what it varies. */
export function nameWithin(name: string, experiment: string | null | undefined): string {
  const start = `${experiment} (`;
  return experiment && name.startsWith(start) && name.endsWith(')') ? name.slice(start.length, -1) : name;
}

/** A run's name with its experiment's, where there is one line for both. */
export function nameWithExperiment({
  name,
  experiment,
}: {
  name: string;
  experiment?: { name: string } | null;
}): string {
  return experiment ? `${experiment.name} · ${nameWithin(name, experiment.name)}` : name;
}
