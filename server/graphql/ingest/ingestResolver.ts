import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { checkText } from '../../db/text.js';
import { checkExternalRun } from '../../ingest/externalRun.js';
import { checkMetricBatch } from '../../ingest/metricBatch.js';
import { finishExternalRun } from '../../runs/externalRuns.js';
import { findRun } from '../../runs/runIds.js';
import type { Context } from '../context.js';
import { RunPayload } from '../run/runInput.js';
import { FinishRunInput, LogMetricsInput, LogMetricsPayload, StartExternalRunInput } from './ingestInput.js';

@Resolver()
export class IngestResolver {
  @Mutation(() => RunPayload, {
    description: 'Begins a run that another program trains; it is RUNNING until `finishRun`.',
  })
  async startExternalRun(
    @Arg('input', () => StartExternalRunInput, { description: 'The run.' }) input: StartExternalRunInput,
    @Ctx() { ingest, database }: Context,
  ): Promise<RunPayload> {
    const draft = checkExternalRun(input);
    const run = await ingest.start(draft);
    return { run: run ?? (await findRun(database, draft.id))! };
  }

  @Mutation(() => LogMetricsPayload, {
    description: 'Stores points of a run that another program trains. When it answers they are on disk.',
  })
  async logMetrics(
    @Arg('input', () => LogMetricsInput, { description: 'The points.' }) input: LogMetricsInput,
    @Ctx() { ingest }: Context,
  ): Promise<LogMetricsPayload> {
    const batch = checkMetricBatch(input, Date.now());
    return { points: batch.count, stored: await ingest.log(batch) };
  }

  @Mutation(() => RunPayload, {
    description: 'Ends a run that another program trains. Saying the same again changes nothing.',
  })
  async finishRun(
    @Arg('input', () => FinishRunInput, { description: 'Which run, and how it ended.' })
    input: FinishRunInput,
    @Ctx() { database }: Context,
  ): Promise<RunPayload> {
    if (input.error != null) checkText(input.error, 'error', 10_000);
    return { run: await finishExternalRun(database, input) };
  }
}
