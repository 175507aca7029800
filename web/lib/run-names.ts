interface NamedRun {
  name: string;
  experiment: string | null;
  seed: number;
}

/**
 * Names that tell runs shown together apart: the run's own where that suffices, else with its experiment, else with
 * its seed, else with its place among its namesakes.
 */
export function distinctNames(runs: readonly NamedRun[]): string[] {
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
