'use client';

import { useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { CopyButton } from '@/components/ui/Snippet';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Digest, Facts } from '@/components/ui/Values';
import { useEmbed, useFinishedRuns } from '@/lib/api/use-library';
import { formatCount, formatSeconds, plural } from '@/lib/format';
import { textField } from '@/lib/settings';
import { readWeights, usualModel } from '@/lib/weights';
import { SimilarityMatrix } from './SimilarityMatrix';
import { WeightsOptions } from './WeightsOptions';

const example = [
  'AI is transforming industries.',
  'New phones have amazing features.',
  'The universe is expanding rapidly.',
  'I dislike the slow internet speed.',
].join('\n');

const MOST = 24;

/** Embeds a few sentences with the backbone or a run's weights and shows how alike they are. */
export function SentencesTab() {
  const [text, setText] = useState(example);
  const [choice, setChoice] = useState<string | null>(null);
  const [embedded, setEmbedded] = useState<string[]>([]);
  const { runs } = useFinishedRuns();
  const models = [
    ...new Set([...runs.map((run) => textField(run.definition, 'model') ?? usualModel), usualModel]),
  ];
  const weights = choice ?? `model ${models[0]}`;
  const { embed, result, error, pending } = useEmbed();
  const sentences = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const tooMany = sentences.length > MOST;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await embed({ sentences, ...readWeights(weights) })) setEmbedded(sentences);
  };

  return (
    <div className="grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <Card title="Sentences" note="one a line">
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
          <label className="sr-only" htmlFor="sentences">
            Sentences, one a line
          </label>
          <textarea
            id="sentences"
            rows={8}
            value={text}
            onChange={(event) => setText(event.target.value)}
            aria-describedby="sentences-note"
            className="w-full rounded-md border border-line-strong bg-surface p-2"
          />
          <p id="sentences-note" className={`text-table ${tooMany ? 'text-bad' : 'text-muted'}`}>
            {plural(sentences.length, 'sentence')}
            {tooMany && `: at most ${MOST} fit the matrix`}
          </p>
          <label className="flex flex-col gap-1 text-table">
            <span className="text-muted">Weights</span>
            <select
              value={weights}
              onChange={(event) => setChoice(event.target.value)}
              className="h-8 min-w-0 rounded-md border border-line-strong bg-surface px-2"
            >
              <WeightsOptions models={models} runs={runs} />
            </select>
          </label>
          <Button
            type="submit"
            look="primary"
            className="self-start"
            disabled={pending || tooMany || sentences.length === 0}
          >
            {pending ? 'Embedding…' : 'Embed'}
          </Button>
        </form>
      </Card>
      <div className="flex min-w-0 flex-col gap-4">
        {error && <ErrorState error={error} />}
        {result ? (
          <>
            <Card
              title="Cosine similarity"
              note={`${formatCount(result.dimensions)} dimensions`}
              flush
              actions={
                <CopyButton text={JSON.stringify(result.embeddings)} label="Copy the embeddings as JSON" />
              }
            >
              <SimilarityMatrix sentences={embedded} vectors={result.embeddings} />
            </Card>
            <Card title="How it was computed">
              <Facts
                rows={[
                  ['Model', result.model.model],
                  ['Weights', <Digest key="w" value={result.model.weightsSha256} name="weights digest" />],
                  ['Normalised', result.model.normalized ? 'yes, to length 1' : 'no'],
                  ['Longest input', plural(result.model.maxLength, 'token')],
                  ['Tokenising', formatSeconds(result.timings.tokenizeMs / 1000)],
                  ['Waiting', formatSeconds(result.timings.queueMs / 1000)],
                  ['Inference', formatSeconds(result.timings.inferenceMs / 1000)],
                ]}
              />
            </Card>
          </>
        ) : (
          !error && (
            <EmptyState title="Nothing embedded yet">
              <p>
                Press Embed. Each sentence becomes a point in the model&apos;s space; 1 means the same
                direction, 0 nothing in common. Choose a run to see what its training changed.
              </p>
            </EmptyState>
          )
        )}
      </div>
    </div>
  );
}
