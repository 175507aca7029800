import { Card } from '@/components/ui/Card';
import { Snippet } from '@/components/ui/Snippet';
import { Ago } from '@/components/ui/Values';
import type { ModelDetail } from '@/lib/api/use-models';
import { formatCount } from '@/lib/format';
import { programUses } from '@/lib/model-usage';

/** Which programs asked which version, and how to become one of them. */
export function UsageCard({ model }: { model: ModelDetail }) {
  const uses = programUses(model.versions);
  const [alias] = model.aliases;
  const reference = alias ? `${model.name}@${alias.name}` : model.name;
  const ask = `curl -X POST -H 'content-type: application/json' -H 'x-client-name: my-program' \\
  -d '{"model": "${reference}", "input": ["Hello there."]}' ${typeof location === 'undefined' ? '' : location.origin}/v1/embeddings`;
  return (
    <Card title="Asked by" note={uses.length > 0 ? 'which programs used which version' : undefined} flush>
      {uses.length > 0 && (
        <div tabIndex={0} role="region" aria-label="Programs" className="overflow-x-auto">
          <table className="table-plain">
            <thead>
              <tr>
                <th scope="col">Program</th>
                <th scope="col" className="num">
                  Version
                </th>
                <th scope="col" className="num">
                  Requests
                </th>
                <th scope="col" className="num">
                  Sentences
                </th>
                <th scope="col" className="num">
                  Days
                </th>
                <th scope="col">Last</th>
              </tr>
            </thead>
            <tbody>
              {uses.map((use) => (
                <tr key={`${use.version} ${use.client}`} data-program={use.client}>
                  <th scope="row" className="min-w-32 break-words text-text!">
                    {use.client}
                  </th>
                  <td className="num">{use.version}</td>
                  <td className="num">{formatCount(use.requests)}</td>
                  <td className="num">{formatCount(use.sentences)}</td>
                  <td className="num">{formatCount(use.days)}</td>
                  <td>
                    <Ago instant={use.lastUsedAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="px-4 pt-2 pb-4">
        {uses.length === 0 && (
          <p className="mb-3 text-muted">
            No program has asked yet. One that sends its name is told apart from others here.
          </p>
        )}
        <Snippet label="Ask it" code={ask} />
      </div>
    </Card>
  );
}
