import { Button } from '@/components/ui/Button';
import { Ago } from '@/components/ui/Values';
import type { TokenItem } from '@/lib/api/use-tokens';
import { formatInstant } from '@/lib/format';
import { useNow } from '@/lib/now';

function Standing({ token, now }: { token: TokenItem; now: number }) {
  if (token.revokedAt)
    return (
      <span className="text-muted">
        revoked <Ago instant={token.revokedAt} />
      </span>
    );
  if (token.expiresAt && Date.parse(token.expiresAt) <= now)
    return <span className="text-muted">expired {formatInstant(token.expiresAt)}</span>;
  return (
    <span>
      in force
      {token.expiresAt && <span className="text-muted"> until {formatInstant(token.expiresAt)}</span>}
    </span>
  );
}

/** Tokens with what they allow and whether they still do. */
export function TokensTable({
  tokens,
  own,
  onRevoke,
}: {
  tokens: readonly TokenItem[];
  /** The one that this browser shows. */
  own: string | null;
  onRevoke: (token: TokenItem) => void;
}) {
  const now = useNow();
  return (
    <div tabIndex={0} role="region" aria-label="Tokens" className="overflow-x-auto">
      <table className="table-plain [&_:is(td,th)]:align-middle">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Standing</th>
            <th scope="col">Last used</th>
            <th scope="col">Made</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => {
            const gone = token.revokedAt !== null;
            return (
              <tr key={token.id} data-token={token.name}>
                <th scope="row" className={`min-w-36 break-words ${gone ? '' : 'text-text!'}`}>
                  {token.name}
                  {token.id === own && <span className="font-normal text-muted"> · this browser</span>}
                </th>
                <td>{token.role.toLowerCase()}</td>
                <td className="whitespace-nowrap">
                  <Standing token={token} now={now} />
                </td>
                <td className="whitespace-nowrap">
                  {token.lastUsedAt ? <Ago instant={token.lastUsedAt} /> : 'never'}
                </td>
                <td>
                  <Ago instant={token.createdAt} />
                </td>
                <td className="num">
                  {!gone && (
                    <Button
                      small
                      look="danger"
                      aria-label={`Revoke ${token.name}`}
                      onClick={() => onRevoke(token)}
                    >
                      Revoke
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
