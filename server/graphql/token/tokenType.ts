import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { DateTime } from '../scalars.js';

export enum Role {
  VIEWER = 'VIEWER',
  WORKER = 'WORKER',
  EDITOR = 'EDITOR',
  ADMIN = 'ADMIN',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'What a token allows. Each role may do what those before it may.',
  valuesConfig: {
    VIEWER: { description: 'Reads everything but tokens, and embeds.' },
    WORKER: { description: 'Logs runs that are trained elsewhere.' },
    EDITOR: { description: 'Stores datasets and definitions; launches, changes and deletes runs.' },
    ADMIN: { description: 'Makes and revokes tokens.' },
  },
});

@ObjectType('Token', {
  description: 'What a client shows to be let in. Its secret is told once and not kept.',
})
export class Token {
  @Field(() => ID, { description: 'Identifies the token; not a secret.' })
  id!: string;

  @Field(() => String, { description: 'What or whom it is for.' })
  name!: string;

  @Field(() => Role, { description: 'What it allows.' })
  role!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'From when on it is void; null for never.' })
  expiresAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null while it is not.' })
  revokedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was last used, to the hour; null for never.',
  })
  lastUsedAt!: Date | null;
}

export const TokenConnection = connectionType('Token', 'tokens', () => Token);

@ObjectType('Viewer', { description: 'Who asks.' })
export class Viewer {
  @Field(() => String, {
    description:
      "The token's name; `local` on a server that has no tokens yet and that only its own machine reaches.",
  })
  name!: string;

  @Field(() => Role, { description: 'What the viewer may do.' })
  role!: string;

  @Field(() => ID, { nullable: true, description: 'The token that was shown; null without one.' })
  tokenId!: string | null;
}

@InputType({ description: 'A token to make.' })
export class CreateTokenInput {
  @Field(() => String, { description: 'What or whom it is for.' })
  name!: string;

  @Field(() => Role, { description: 'What it allows. The first token of a server has to be of role ADMIN.' })
  role!: Role;

  @Field(() => DateTime, { nullable: true, description: 'From when on it is void; never when absent.' })
  expiresAt?: Date | null;
}

@ObjectType({ description: 'The token that was made.' })
export class CreateTokenPayload {
  @Field(() => Token, { description: 'The new token.' })
  token!: Token;

  @Field(() => String, {
    description:
      'What its holder sends, as `Authorization: Bearer …`. It is not kept: this answer alone tells it.',
  })
  secret!: string;
}

@InputType({ description: 'A token to revoke.' })
export class RevokeTokenInput {
  @Field(() => ID, { description: 'The token.' })
  id!: string;
}

@ObjectType({ description: 'The token that was revoked.' })
export class RevokeTokenPayload {
  @Field(() => Token, { description: 'The token, which no longer opens anything.' })
  token!: Token;
}
