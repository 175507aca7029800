import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType('ServerInfo', { description: 'What this server is, and what it takes at most.' })
export class ServerInfo {
  @Field(() => String, { description: 'Version of Frostline.' })
  version!: string;

  @Field(() => String, { description: 'Version of Node that it runs on.' })
  nodeVersion!: string;

  @Field(() => Boolean, { description: 'Whether it never asks the network for weights.' })
  offline!: boolean;

  @Field(() => Float, { description: 'Bytes that an uploaded file of rows may have.' })
  uploadBytes!: number;

  @Field(() => Int, { description: 'Rows that an uploaded file may have.' })
  uploadRows!: number;

  @Field(() => Float, { description: 'Bytes that the body of another request may have.' })
  bodyBytes!: number;

  @Field(() => Int, { description: 'Rows that a page of a list may have.' })
  pageRows!: number;

  @Field(() => Int, { description: 'Seconds that a statement of the database may take.' })
  statementSeconds!: number;
}
