/**
 * What one request, connection or name may ask of the server at most. docs/security.md lists them for users, and a test holds the
 * two against each other. Limits of a single argument (sentences of an `embed`, points of a `logMetrics`, …) stand where it is checked
 * and are told in the schema. Body size and statement time can be set: see server/config.ts.
 */
export const limits = {
  /** Tokens of a GraphQL document. Data belongs into variables. */
  documentTokens: 5_000,
  /** Levels of nested selections, fragments followed, introspection not counted: twice what the dashboard needs. */
  depth: 16,
  /** Fields at the root of an operation, which are as many requests in one. */
  rootFields: 20,
  /** Aliases of an operation, fragments followed: each may ask for the same field again. */
  aliases: 50,
  /** Fields that an answer may come to, by the page sizes asked for; see operationCost.ts. */
  cost: 1_000_000,
  /** Rows of a page. */
  page: 500,
  /** Characters of a name. */
  nameLength: 200,
  /** Characters of a text that has no limit of its own. */
  textLength: 100_000,
  /** WebSockets open at a time. */
  sockets: 1_000,
  /** Operations under way on one WebSocket. */
  subscriptionsPerSocket: 100,
  /** Bytes of one message on a WebSocket. */
  socketMessageBytes: 1024 * 1024,
  /** Milliseconds in which the head of a request has to be there, or anything at all on a new connection. */
  headMilliseconds: 60_000,
  /** Milliseconds in which a body of JSON has to be there. */
  bodyMilliseconds: 60_000,
};
