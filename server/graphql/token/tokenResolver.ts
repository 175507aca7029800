import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createToken } from '../../auth/createToken.js';
import { listTokens } from '../../auth/listTokens.js';
import { revokeToken } from '../../auth/revokeToken.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { PageArgs } from '../pageArgs.js';
import {
  CreateTokenInput,
  CreateTokenPayload,
  RevokeTokenInput,
  RevokeTokenPayload,
  TokenConnection,
  Viewer,
} from './tokenType.js';

@Resolver()
export class TokenResolver {
  @Query(() => Viewer, { description: 'Who asks, and what they may do.' })
  viewer(@Ctx() { viewer }: Context): Viewer {
    return viewer;
  }

  @Query(() => TokenConnection, { description: 'Tokens, the newest first; revoked ones stay listed.' })
  async tokens(@Args(() => PageArgs) args: PageArgs, @Ctx() { database }: Context) {
    const page = pageRequest(args);
    return toConnection(await listTokens(database, page), page, ({ sequence }) => sequence);
  }

  @Mutation(() => CreateTokenPayload, {
    description: 'Makes a token. From the first one on the server lets in nobody without.',
  })
  async createToken(
    @Arg('input', () => CreateTokenInput, { description: 'The token.' }) input: CreateTokenInput,
    @Ctx() { database, tokens, viewer, log }: Context,
  ): Promise<CreateTokenPayload> {
    const created = await createToken(database, input);
    const { id, name, role } = created.token;
    log.info('a token was made', { id, name, role, by: viewer.name });
    await tokens.refresh();
    return created;
  }

  @Mutation(() => RevokeTokenPayload, {
    description: 'Takes a token out of force at once; connections that were opened with it are closed.',
  })
  async revokeToken(
    @Arg('input', () => RevokeTokenInput, { description: 'Which token.' }) input: RevokeTokenInput,
    @Ctx() { database, tokens, viewer, log }: Context,
  ): Promise<RevokeTokenPayload> {
    const token = await revokeToken(database, input.id);
    log.info('a token was revoked', { id: token.id, name: token.name, by: viewer.name });
    await tokens.refresh();
    return { token };
  }
}
