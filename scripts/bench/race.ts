import { processorsInUse } from './machine.js';
import { measureProcess, type Command, type Measurement } from './measureProcess.js';
import { sideLabels, type Contender, type Metric, type Row, type Side } from './rows.js';
import { advantage, median, spread } from './statistics.js';
import { removeCaches } from './workplace.js';

/** What one side needed for a row, over all its runs. */
export interface SideResult {
  /** Values of each metric, a run each. */
  values: Record<string, number[]>;
  peakBytes: number[];
}

export interface RowResult {
  id: string;
  title: string;
  measuredAt: string;
  /** What was measured. */
  commit: string;
  /** Processors that others used when the row began. */
  inUseBefore: number;
  metrics: Omit<Metric, 'value'>[];
  sides: Partial<Record<Side, SideResult & { times?: number }>>;
}

export interface RaceOptions {
  runs: number;
  /** Repeat those too that are measured once for their length. */
  repeatLong: boolean;
  withPeer: boolean;
  commit: string;
  tell(line: string): void;
}

/** Runs of the peer that several rows want are measured once. */
const remembered = new Map<string, Promise<Measurement>>();

/** Runs the contenders of a row in turn (ours, the peer, ours, the peer …), so that a slow minute of the machine hits both. */
export async function race(row: Row, options: RaceOptions): Promise<RowResult> {
  const { runs, repeatLong, withPeer, commit, tell } = options;
  const contenders = row.contenders.filter(({ side }) => withPeer || side === 'ours');
  const result: RowResult = {
    id: row.id,
    title: row.title,
    measuredAt: new Date().toISOString(),
    commit,
    inUseBefore: await processorsInUse(),
    metrics: row.metrics.map(({ title, unit, better, targets }) => ({ title, unit, better, targets })),
    sides: {},
  };
  for (let run = 0; run < runs; run++) {
    for (const contender of contenders) {
      if (contender.long && run > 0 && !repeatLong) continue;
      const measurement = await measure(contender, run);
      add(result, row, contender, measurement);
      const values = row.metrics.map((metric) => describe(metric, measurement, contender));
      tell(
        `${row.id} ${run + 1}/${runs} ${sideLabels[contender.side]}: ${values.join(', ')}${memory(measurement)}`,
      );
      removeCaches();
    }
  }
  for (const line of summarise(result)) tell(line);
  return result;
}

function measure({ side, command }: Contender, run: number): Promise<Measurement> {
  const made = command();
  if (side === 'ours') return measureProcess(made);
  const key = keyOf(made, run);
  const known = remembered.get(key) ?? measureProcess(made);
  remembered.set(key, known);
  return known;
}

function keyOf({ program, args, input = '' }: Command, run: number): string {
  return JSON.stringify([program, args, input.length, run]);
}

function add(result: RowResult, row: Row, contender: Contender, measurement: Measurement): void {
  const { side, times = 1 } = contender;
  const known = (result.sides[side] ??= { values: {}, peakBytes: [], ...(times === 1 ? {} : { times }) });
  for (const metric of row.metrics) {
    (known.values[metric.title] ??= []).push(valueOf(metric, measurement, contender));
  }
  if (measurement.peakBytes !== null) known.peakBytes.push(measurement.peakBytes);
}

function valueOf(metric: Metric, measurement: Measurement, { times = 1 }: Contender): number {
  return metric.value(measurement) * times;
}

function describe(metric: Metric, measurement: Measurement, contender: Contender): string {
  return `${valueOf(metric, measurement, contender).toPrecision(4)} ${metric.unit}`;
}

function memory({ peakBytes }: Measurement): string {
  return peakBytes === null ? '' : `, peak ${Math.round(peakBytes / 2 ** 20)} MB`;
}

function summarise({ id, metrics, sides }: RowResult): string[] {
  const ours = sides.ours;
  if (ours === undefined) return [];
  return Object.entries(sides).flatMap(([side, theirs]) =>
    metrics.map(({ title, unit, better }) => {
      const mine = ours.values[title] as number[];
      const values = theirs.values[title] as number[];
      const ratio =
        side === 'ours' ? '' : `, ratio ${advantage(median(mine), median(values), better).toFixed(2)}`;
      const differ = `± ${(100 * spread(values)).toFixed(0)} %`;
      return `${id} = ${sideLabels[side as Side]}, ${title}: ${median(values).toPrecision(4)} ${unit} ${differ}${ratio}`;
    }),
  );
}
