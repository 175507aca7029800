import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Run as RunRecord } from '../../db/generated/client.js';
import { classScores } from '../../evaluations/classScores.js';
import { listPredictions, type Prediction as PredictionRow } from '../../evaluations/listPredictions.js';
import type { StoredTaskEvaluation } from '../../evaluations/writeEvaluation.js';
import { type ConnectionOf, pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { Run } from '../run/runType.js';
import { PredictionsArgs } from './evaluationInput.js';
import { Evaluation, EvaluationMoment, PredictionConnection } from './evaluationType.js';

@Resolver(() => Run)
export class EvaluationResolver {
  @FieldResolver(() => Evaluation, {
    nullable: true,
    description:
      'What it came to on its validation rows, with confusion matrices; null when it was not evaluated by then.',
  })
  async evaluation(
    @Root() { id }: RunRecord,
    @Arg('at', () => EvaluationMoment, {
      defaultValue: EvaluationMoment.LAST,
      description: 'At which moment.',
    })
    at: EvaluationMoment,
    @Ctx() { loaders }: Context,
  ): Promise<Evaluation | null> {
    const stored = await loaders.evaluationOfRun.load({ runId: id, moment: at });
    if (stored === null) return null;
    const { step, epoch, loss } = stored;
    const tasks = (stored.tasks as unknown as StoredTaskEvaluation[]).map((task) => ({
      ...task,
      classes: classScores(task.classes, task.confusion),
    }));
    return { step, epoch, loss: Number.isFinite(loss) ? loss : null, tasks };
  }

  @FieldResolver(() => PredictionConnection, {
    nullable: true,
    description:
      'What it says of its validation rows; null when it keeps no predictions of that moment. They are stored with checkpoints and at the end.',
  })
  async predictions(
    @Root() { id, datasetId }: RunRecord,
    @Args(() => PredictionsArgs) args: PredictionsArgs,
    @Ctx() { database, blobs }: Context,
  ): Promise<ConnectionOf<PredictionRow> | null> {
    const request = pageRequest(args);
    const { task, at: moment, orderBy: order, mistakesOnly, label = null, predicted = null } = args;
    const page = await listPredictions(database, blobs, {
      ...request,
      ...{ runId: id, datasetId, moment, task, order, mistakesOnly, label, predicted },
    });
    return page && toConnection(page, request, ({ row }) => row);
  }
}
