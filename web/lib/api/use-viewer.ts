'use client';

import { useQuery } from 'urql';
import { ViewerDocument, type Role, type ViewerQuery } from '@/lib/generated/graphql';

const rank: Record<Role, number> = { VIEWER: 0, WORKER: 1, EDITOR: 2, ADMIN: 3 };

/** Who asks, and whether they may change things. While that is unknown they may: the server has the last word. */
export function useViewer(): {
  viewer: ViewerQuery['viewer'] | null;
  may(role: Role): boolean;
  reload(): void;
} {
  const [{ data }, execute] = useQuery({ query: ViewerDocument });
  const viewer = data?.viewer ?? null;
  return {
    viewer,
    may: (role) => viewer === null || rank[viewer.role] >= rank[role],
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}
