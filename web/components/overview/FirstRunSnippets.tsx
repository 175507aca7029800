'use client';

import Link from 'next/link';
import { useSyncExternalStore } from 'react';
import { Snippet } from '@/components/ui/Snippet';

const definition = `{
  "name": "my experiment",
  "model": "sentence-transformers/all-MiniLM-L6-v2",
  "dataset": "my-data.csv",
  "tasks": [{ "name": "topic" }, { "name": "sentiment" }],
  "freeze": { "preset": "head-only" },
  "training": { "epochs": 4, "batchSize": 2, "learningRate": 2e-5, "seed": 42 }
}`;

const noChange = () => () => undefined;

/** Three ways to a first run, to copy. */
export function FirstRunSnippets() {
  const origin = useSyncExternalStore(
    noChange,
    () => location.origin,
    () => '',
  );
  const launch = `curl ${origin}/graphql -H 'content-type: application/json' -d '{
  "query": "mutation($e: CreateExperimentInput!, $l: LaunchExperimentInput!) { createExperiment(input: $e) { experiment { id } } launchExperiment(input: $l) { runs { id name state } } }",
  "variables": {
    "e": { "name": "my experiment", "definition": ${JSON.stringify({ ...JSON.parse(definition), dataset: 'my-data' })} },
    "l": { "experiment": "my experiment" }
  }
}'`;
  return (
    <>
      <p>
        A run trains one definition under one freeze rule; runs appear here by themselves. To see five regimes
        on six sentences:
      </p>
      <Snippet
        label="Launch the sample"
        code="npx frostline launch experiments/definitions/what-to-freeze.json"
      />
      <p>
        For your own: a CSV with the columns sentence, topic and sentiment, and a definition beside it. Each
        task is a column of labels; an empty cell is not trained on.
      </p>
      <Snippet label="my-experiment.json" code={definition} />
      <Snippet label="Launch it from the command line" code="npx frostline launch my-experiment.json" />
      <Snippet label="Or by GraphQL, on a dataset that is stored" code={launch} />
      <p>
        <Link href="/graphiql" prefetch={false} className="link">
          GraphiQL
        </Link>{' '}
        has more examples to run.
      </p>
    </>
  );
}
