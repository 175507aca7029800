import { rungsBefore } from '../../experiments/schema/successiveHalving.js';
import { type Pruning } from '../../experiments/schema/types.js';
import { type TrainingEvent } from '../../experiments/training/events.js';
import { type RungArrival, type RungDecision } from '../runs/decideRung.js';
import { metricsOf } from './metricsOf.js';

/**
 * Follows a run's events and has its rungs decided as it comes to them: at the end of an epoch by the newest value of the metric, or, where
 * rungs are counted in steps, at the first value at or after the rung. A rung that was decided once is passed.
 */
export class Pruner {
  #newest: { value: number; step: number } | null = null;
  #total = 0;
  #rungs: number[] = [];

  constructor(
    private readonly rule: Pruning,
    private readonly decided: ReadonlySet<number>,
    private readonly decide: (arrival: RungArrival) => Promise<RungDecision>,
  ) {}

  /** Takes an event; a promise, for which training waits, when a rung is decided. */
  note(event: TrainingEvent): void | Promise<void> {
    if (event.type === 'started') {
      this.#total = this.rule.unit === 'epoch' ? event.epochs : event.totalSteps;
      this.#rungs = rungsBefore(this.#total, this.rule).filter((rung) => !this.decided.has(rung));
      return;
    }
    const reported = metricsOf(event).find(({ name }) => name === this.rule.metric);
    if (reported !== undefined) this.#newest = reported;
    const place = this.#placeOf(event, reported !== undefined);
    // A run that is over needs no permission to go on.
    if (this.#newest === null || place === null || place >= this.#total) return;
    const due = this.#rungs.filter((rung) => rung <= place);
    if (due.length === 0) return;
    this.#rungs = this.#rungs.filter((rung) => rung > place);
    return this.#decideAll(due, event as { epoch: number }, this.#newest);
  }

  /** How far the run is, counted as rungs are; null where none can be decided. */
  #placeOf(event: TrainingEvent, hasReported: boolean): number | null {
    if (this.rule.unit === 'epoch') return event.type === 'epoch' ? event.epoch : null;
    return hasReported && 'step' in event ? event.step : null;
  }

  async #decideAll(
    due: readonly number[],
    { epoch }: { epoch: number },
    { value, step }: { value: number; step: number },
  ): Promise<void> {
    for (const rung of due) {
      const { pruned } = await this.decide({ rung, step, epoch, value });
      if (pruned) return;
    }
  }
}
