import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Run as RunRecord } from '../../db/generated/client.js';
import { findRun } from '../../runs/runIds.js';
import { requestVerification, type RunVerification } from '../../runs/verifications.js';
import type { Context } from '../context.js';
import { RunInput } from '../run/runInput.js';
import { Run } from '../run/runType.js';
import { Verification, type VerificationState, VerifyRunPayload } from './verificationType.js';

@Resolver(() => Run)
export class VerificationResolver {
  @FieldResolver(() => Verification, {
    nullable: true,
    description: 'Its newest verification; null when none was asked for.',
  })
  async verification(@Root() { id }: RunRecord, @Ctx() { loaders }: Context): Promise<Verification | null> {
    const newest = await loaders.verificationOfRun.load(id);
    return newest && toVerification(newest);
  }

  @Mutation(() => VerifyRunPayload, {
    description:
      'Queues a finished run to be run again and compared bit by bit with its record. One that is under way is returned, not repeated.',
  })
  async verifyRun(
    @Arg('input', () => RunInput, { description: 'Which run.' }) { id }: RunInput,
    @Ctx() { database }: Context,
  ): Promise<VerifyRunPayload> {
    const verification = await requestVerification(database, id);
    return { run: (await findRun(database, id))!, verification: toVerification(verification) };
  }
}

function toVerification({ found, state, ...verification }: RunVerification): Verification {
  return {
    ...verification,
    state: state as VerificationState,
    step: found?.firstStep?.step ?? null,
    lossWas: finite(found?.firstStep?.was),
    lossIs: finite(found?.firstStep?.is),
    tensor: found?.firstTensor?.name ?? null,
    epoch: found?.firstTensor?.epoch ?? null,
    weightsSha256: found?.weightsSha256.is ?? null,
    notPromised: found?.notPromised ?? [],
  };
}

function finite(loss: number | string | null | undefined): number | null {
  return typeof loss === 'number' ? loss : null;
}
