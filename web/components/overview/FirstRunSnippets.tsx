'use client';

import Link from 'next/link';
import { useSyncExternalStore } from 'react';
import { Snippet } from '@/components/ui/Snippet';

const definition = `{
  "name": "my experiment",
  "model": "sentence-transformers/all-MiniLM-L6-v2",
  "dataset": "sample",
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
    "e": { "name": "my experiment", "freezeConfigs": ["full", "head-only"], "definition": ${JSON.stringify(JSON.parse(definition))} },
    "l": { "experiment": "my experiment" }
  }
}'`;
  return (
    <>
      <p>
        A run trains one definition under one freeze rule. Write a definition and launch it from the command
        line, or send it as a mutation; the runs appear here by themselves.
      </p>
      <Snippet label="my-experiment.json" code={definition} />
      <Snippet label="Launch it from the command line" code="npx frostline launch my-experiment.json" />
      <Snippet label="Or by GraphQL, one run for each freeze configuration" code={launch} />
      <p>
        <Link href="/graphiql" className="link">
          GraphiQL
        </Link>{' '}
        has more examples to run.
      </p>
    </>
  );
}
