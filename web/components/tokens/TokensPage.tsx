'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Facts } from '@/components/ui/Values';
import { useRevokeToken, useTokens, type TokenItem } from '@/lib/api/use-tokens';
import { useViewer } from '@/lib/api/use-viewer';
import { formatCount } from '@/lib/format';
import { NewTokenDialog } from './NewTokenDialog';
import { roles } from './roles';
import { TokensTable } from './TokensTable';

const PAGE = 100;
/** What the server gives at most at a time. */
const MOST = 500;

function RevokeDialog({
  token,
  own,
  onClose,
  onRevoked,
}: {
  token: TokenItem;
  own: boolean;
  onClose: () => void;
  onRevoked: () => void;
}) {
  const { perform, pending, error } = useRevokeToken();
  return (
    <ConfirmDialog
      open
      title={`Revoke ${token.name}?`}
      keep="Keep it"
      confirm="Revoke the token"
      pending={pending}
      pendingText="Revoking…"
      error={error}
      onOpenChange={(open) => !open && onClose()}
      onConfirm={() => void perform({ input: { id: token.id } }).then((done) => done !== null && onRevoked())}
    >
      It opens nothing from now on, on every server of this database, and connections that were opened with it
      are closed. {own && 'It is the one that you are signed in with: you will be asked for another.'}
    </ConfirmDialog>
  );
}

/** Who may get in: tokens with their roles, made, shown once and revoked. */
export function TokensPage() {
  const { viewer, may, reload: reloadViewer } = useViewer();
  const [first, setFirst] = useState(PAGE);
  const forbidden = viewer !== null && !may('ADMIN');
  const { tokens, total, fetching, loading, error, reload } = useTokens(first, viewer === null || forbidden);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<TokenItem | null>(null);
  return (
    <Page
      title="Tokens"
      lead="What programs and people show to be let in. Each has a role, and works until it expires or is revoked."
      actions={
        !forbidden && (
          <Button look="primary" disabled={loading} onClick={() => setMaking(true)}>
            <Plus aria-hidden className="size-4" />
            New token
          </Button>
        )
      }
    >
      {forbidden ? (
        <EmptyState title="Only admins see tokens">
          <p>
            You are signed in as {viewer.name}, {viewer.role.toLowerCase()}. Whoever runs the server can make
            an admin&apos;s token with <code>frostline token create --role admin</code>.
          </p>
        </EmptyState>
      ) : error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines label="Loading tokens" />
        </div>
      ) : total === 0 ? (
        <EmptyState title="No tokens yet: everybody on this machine may do everything">
          <p>
            That is well as long as the server listens on loopback only. To let others in, make an
            admin&apos;s token first; from then on nobody gets in without one.
          </p>
          <Button onClick={() => setMaking(true)}>Make the first token</Button>
        </EmptyState>
      ) : (
        <Card title="Tokens" note={formatCount(total)} flush>
          <TokensTable tokens={tokens} own={viewer?.tokenId ?? null} onRevoke={setRevoking} />
        </Card>
      )}
      {tokens.length < total && first < MOST && (
        <Button className="self-start" disabled={fetching} onClick={() => setFirst(MOST)}>
          {fetching ? 'Loading…' : 'Show more'}
        </Button>
      )}
      <Card title="Roles" note="each may do what those before it may">
        <Facts rows={roles.map(({ name, may: does }) => [name, does])} />
      </Card>
      {making && (
        <NewTokenDialog
          first={total === 0}
          onClose={() => setMaking(false)}
          onMade={() => {
            reload();
            // Who made the first token is signed in with it.
            reloadViewer();
          }}
        />
      )}
      {revoking && (
        <RevokeDialog
          token={revoking}
          own={revoking.id === viewer?.tokenId}
          onClose={() => setRevoking(null)}
          onRevoked={() => {
            setRevoking(null);
            reload();
          }}
        />
      )}
    </Page>
  );
}
