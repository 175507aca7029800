/** The client package's public face. */
export { FrostlineApiError } from './errors.js';
export { FrostlineClient, type ClientOptions } from './frostlineClient.js';
export * from './generated/operations.js';
export type { Operation } from './operation.js';
export type { Delivery, Entry } from './outbox/entry.js';
export type { RunLogger } from './runLogger.js';
