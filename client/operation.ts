/** A GraphQL operation and the types of what it takes and gives; `operations/*.graphql` become such. */
export interface Operation<Result, Variables> {
  readonly name: string;
  readonly kind: 'query' | 'mutation';
  readonly text: string;
  /** Only for the compiler: no operation has it. */
  readonly types?: { result: Result; variables: Variables };
}

interface Input {
  key?: string | null;
  force?: boolean | null;
}

/** Mutations that change nothing when they are asked for twice, by their fields, as far as their input makes them so. */
const repeatable: Record<string, (input: Input) => boolean> = {
  startExternalRun: ({ key }) => key != null,
  logMetrics: () => true,
  finishRun: () => true,
  cancelRun: () => true,
  tagRuns: () => true,
  createDataset: () => true,
  launchExperiment: ({ force }) => force !== true,
  adviseExperiment: ({ force }) => force !== true,
};

/** Whether an operation may be sent again although it may have been carried out: queries, and mutations of the kinds above. */
export function isRepeatable({ kind, text }: Operation<unknown, unknown>, variables: object): boolean {
  if (kind === 'query') return true;
  const field = /\{\s*(\w+)/.exec(text)?.[1] ?? '';
  return repeatable[field]?.((variables as { input?: Input }).input ?? {}) ?? false;
}

/** An operation of the caller's own, untyped. */
export function textOperation<Result>(text: string): Operation<Result, object> {
  const kind = /^\s*mutation\b/.test(text) ? 'mutation' : 'query';
  return { name: kind, kind, text };
}
