import type { Role } from '@/lib/generated/graphql';

/** What each role may do, the least first; each may do what those before it may. */
export const roles: readonly { role: Role; name: string; may: string }[] = [
  { role: 'VIEWER', name: 'viewer', may: 'read everything but tokens, subscribe, embed' },
  { role: 'WORKER', name: 'worker', may: 'also log runs that are trained elsewhere' },
  {
    role: 'EDITOR',
    name: 'editor',
    may: 'also store datasets and definitions, launch, change and delete runs',
  },
  { role: 'ADMIN', name: 'admin', may: 'also make and revoke tokens' },
];
