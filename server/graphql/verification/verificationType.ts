import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Run, RunError } from '../run/runType.js';
import { DateTime } from '../scalars.js';

export enum VerificationState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  PASSED = 'PASSED',
  DIVERGED = 'DIVERGED',
  FAILED = 'FAILED',
}
registerEnumType(VerificationState, {
  name: 'VerificationState',
  description: 'Where a verification stands.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'The run is run again.' },
    PASSED: { description: 'Every loss and the final weights were the same to the last bit.' },
    DIVERGED: { description: 'Something came out differently; `step` and `tensor` say where first.' },
    FAILED: { description: 'It could not be carried out; `error` says why.' },
  },
});

@ObjectType({ description: 'An input of a run that is not what it was when it was recorded.' })
export class InputChange {
  @Field(() => String, {
    description:
      'Which: `definition`, `dataset`, `weights`, `initial weights`, `parent`, `tokenizer`, `code`, `versions`, `device` or `processor`.',
  })
  input!: string;

  @Field(() => String, { description: 'What it was and what it is, in words.' })
  detail!: string;
}

@ObjectType({ description: 'A finished run, run again from the start and compared with its record.' })
export class Verification {
  @Field(() => ID, { description: 'Identifies the verification.' })
  id!: string;

  @Field(() => VerificationState, { description: 'Where it stands.' })
  state!: VerificationState;

  @Field(() => Int, {
    description: 'Optimizer steps that were compared so far, with equal losses when it is over.',
  })
  stepsCompared!: number;

  @Field(() => Int, { nullable: true, description: 'Optimizer steps of the record; null until it runs.' })
  stepsRecorded!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'First optimizer step whose loss differs; null when none does.',
  })
  step!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Recorded loss of that step; null when there is none, or it is no finite number.',
  })
  lossWas!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Its loss now; null when there is none, or it is no finite number.',
  })
  lossIs!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'First tensor, in the order of the forward pass, that differs after the first epoch that differs.',
  })
  tensor!: string | null;

  @Field(() => Int, { nullable: true, description: 'The epoch after which that tensor was compared.' })
  epoch!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 over all final tensors as they came out; null when it ended before, where it diverged.',
  })
  weightsSha256!: string | null;

  @Field(() => [InputChange], {
    description: 'Recorded inputs that are others now; also where the results are equal all the same.',
  })
  changes!: InputChange[];

  @Field(() => [String], {
    description:
      'Why equal bits were not to be expected here even of equal inputs; empty when they were promised.',
  })
  notPromised!: string[];

  @Field(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error!: RunError | null;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When a worker took it; null until then.' })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null until then.' })
  finishedAt!: Date | null;
}

@ObjectType({ description: 'The verification that was asked for.' })
export class VerifyRunPayload {
  @Field(() => Run, { description: 'The run as it is now.' })
  run!: object;

  @Field(() => Verification, { description: 'Its verification: the new one, or the one that is under way.' })
  verification!: Verification;
}
