import { Ctx, Query, Resolver } from 'type-graphql';
import { productVersion } from '../../config.js';
import { limits } from '../../limits.js';
import type { Context } from '../context.js';
import { ServerInfo } from './serverInfoType.js';

@Resolver()
export class ServerInfoResolver {
  @Query(() => ServerInfo, { description: 'What this server is, and what it takes at most.' })
  server(@Ctx() { config }: Context): ServerInfo {
    return {
      version: productVersion(config),
      nodeVersion: process.version,
      offline: config.offline,
      uploadBytes: config.uploadLimits.bytes,
      uploadRows: config.uploadLimits.rows,
      bodyBytes: config.bodyLimit,
      pageRows: limits.page,
      statementSeconds: config.statementSeconds,
    };
  }
}
