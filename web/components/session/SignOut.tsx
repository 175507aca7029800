'use client';

import { LogOut } from 'lucide-react';
import { useQuery } from 'urql';
import { signOut } from '@/lib/api/session';
import { ViewerDocument } from '@/lib/generated/graphql';

/** Says by what token one is signed in and signs out; nothing on a server that asks for none. */
export function SignOut() {
  const [{ data }] = useQuery({ query: ViewerDocument });
  if (!data?.viewer.tokenId) return null;
  const { name, role } = data.viewer;
  const label = `Sign out ${name} (${role.toLowerCase()})`;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => void signOut()}
      className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text"
    >
      <LogOut aria-hidden className="size-4" />
    </button>
  );
}
