import { type Role } from '../db/generated/client.js';

/**
 * What each role may do, in rising order: a VIEWER reads; a WORKER also logs runs that are trained elsewhere; an EDITOR also
 * stores, launches and deletes; an ADMIN also hands out tokens. Each may do what those before it may.
 */
const ranks: Record<Role, number> = { VIEWER: 1, WORKER: 2, EDITOR: 3, ADMIN: 4 };

/** All roles, from the least to the most. */
export const roles = Object.keys(ranks) as Role[];

/** The least role that something asks for; PUBLIC is for everybody, without a token. */
export type Access = Role | 'PUBLIC';

/** Who asks. */
export interface Viewer {
  /** The token's name, or what the viewer is called without one. */
  name: string;
  role: Role;
  /** Null for who works on the server's own machine and needs none. */
  tokenId: string | null;
}

/** Whether `viewer` may do what asks for `access`. Without a viewer only what is public is allowed. */
export function permits(viewer: Viewer | null | undefined, access: Access): boolean {
  if (access === 'PUBLIC') return true;
  return viewer != null && ranks[viewer.role] >= ranks[access];
}
