import { Arg, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { BoundaryAdvice as MeasuredBoundary } from '../../../experiments/advice/advise.js';
import {
  type DefinitionAdvice,
  findAdvice,
  newestAdvice,
  requestAdvice,
  requireAdvice,
} from '../../runs/advice.js';
import type { Context } from '../context.js';
import { listen } from '../listen.js';
import { Json } from '../scalars.js';
import {
  Advice,
  AdviseExperimentInput,
  AdviseExperimentPayload,
  type AdviceState,
  type BoundaryAdvice,
} from './adviceType.js';

@Resolver()
export class AdviceResolver {
  @Query(() => Advice, { nullable: true, description: 'Advice by its id; null when there is none.' })
  async advice(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { database }: Context,
  ): Promise<Advice | null> {
    const advice = await findAdvice(database, id);
    return advice && toAdvice(advice);
  }

  @Query(() => Advice, {
    nullable: true,
    description:
      'The newest advice on a definition, whatever the definition freezes; null when none was asked for.',
  })
  async newestAdvice(
    @Arg('definition', () => Json, { description: 'As createExperiment takes it, or as a run has it.' })
    definition: unknown,
    @Ctx() context: Context,
  ): Promise<Advice | null> {
    const advice = await newestAdvice(context, definition);
    return advice && toAdvice(advice);
  }

  @Mutation(() => AdviseExperimentPayload, {
    description:
      'Queues advice: a worker probes and tries every freeze boundary of a definition. The same advice is not computed twice unless forced.',
  })
  async adviseExperiment(
    @Arg('input', () => AdviseExperimentInput, { description: 'On what.' }) input: AdviseExperimentInput,
    @Ctx() context: Context,
  ): Promise<AdviseExperimentPayload> {
    return { advice: toAdvice(await requestAdvice(context, input)) };
  }

  @Subscription(() => Advice, {
    description: 'Sends advice as it is at once, and again whenever it changes.',
    subscribe: async ({ args, context }) => watchAdvice((args as { id: string }).id, context),
  })
  adviceChanged(
    @Root() advice: DefinitionAdvice,
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
  ): Advice {
    return toAdvice(advice);
  }
}

async function watchAdvice(
  id: string,
  { database, notifications }: Context,
): Promise<AsyncIterable<DefinitionAdvice>> {
  const { id: taskId } = await requireAdvice(database, id);
  return listen(notifications, {
    note: (notification) =>
      notification.type === 'resync' || (notification.type === 'task' && notification.taskId === taskId),
    async read() {
      const advice = await findAdvice(database, taskId);
      return advice === null ? [] : [advice];
    },
  });
}

function toAdvice({ found, state, definition, ...advice }: DefinitionAdvice): Advice {
  return {
    ...advice,
    definition,
    state: state as AdviceState,
    device: found?.device ?? null,
    scoredOn: found?.scoredOn ?? null,
    trialSteps: found?.trialSteps ?? null,
    totalSteps: found?.totalSteps ?? null,
    boundaries: (found?.boundaries ?? []).map((boundary) =>
      toBoundary(
        boundary,
        definition.tasks.map(({ name }) => name),
      ),
    ),
    recommendation: found?.recommendation ?? null,
    seconds: found?.seconds ?? null,
  };
}

function toBoundary(
  { seconds, probe, trial, ...boundary }: MeasuredBoundary,
  tasks: string[],
): BoundaryAdvice {
  return {
    ...boundary,
    tasks: tasks.map((task) => ({ task, probe: probe[task] ?? null, trial: trial[task] ?? null })),
    stepSeconds: seconds.step,
    firstEpochSeconds: seconds.firstEpoch,
    laterEpochSeconds: seconds.laterEpoch,
    runSeconds: seconds.run,
  };
}
