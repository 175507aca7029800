/** Queries GraphiQL opens with: each answers a question a newcomer has. */
export const examples: readonly { query: string; variables?: string }[] = [
  {
    query: `# What should I freeze? The newest runs with what trained, how long it took and what came out.
query NewestRuns {
  runs(first: 10) {
    totalCount
    edges {
      node {
        id
        name
        state
        freeze { label trainableShare }
        cost { computeSeconds }
        metrics { name last best }
      }
    }
  }
}
`,
  },
  {
    query: `# Differing settings, and metrics with differences to the first run. Put ids of two runs into the variables.
query Compare($ids: [ID!]!) {
  compareRuns(ids: $ids) {
    settings { path values }
    metrics { name values deltas higherIsBetter }
  }
}
`,
    variables: '{ "ids": [] }',
  },
  {
    query: `# Sentence embeddings of the pretrained backbone, or of a run's weights with run: "…" instead.
query Embed {
  embed(
    input: {
      model: "sentence-transformers/all-MiniLM-L6-v2"
      sentences: ["AI is transforming industries.", "New phones have amazing features."]
    }
  ) {
    dimensions
    embeddings
    model { model weightsSha256 maxLength }
    timings { tokenizeMs inferenceMs }
  }
}
`,
  },
  {
    query: `# Every change of every run, as it happens.
subscription Watch {
  runChanged {
    name
    state
    progress { epoch epochs step totalSteps fraction }
  }
}
`,
  },
];
