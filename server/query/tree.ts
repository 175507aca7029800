/** Which number of a metric's history is meant: the newest, the extremes, or the better one of the extremes. */
export const metricValues = ['last', 'min', 'max', 'best'] as const;
export type MetricValue = (typeof metricValues)[number];

export const textFields = [
  'name',
  'experiment',
  'note',
  'freeze.preset',
  'freeze.regime',
  'freeze.label',
  'worker',
] as const;
export const numberFields = ['trainable', 'seed', 'duration', 'priority'] as const;
/** What is so or not. */
export const flagFields = ['paused', 'pruned'] as const;
export const timeFields = ['created', 'started', 'finished'] as const;

/**
 * Something about a run that can be compared. `duration` is in seconds, `trainable` a share from 0 to 1, `worker` the name of the one
 * that has the newest attempt.
 */
export type Field =
  | { kind: 'state' }
  | { kind: 'tag' }
  | { kind: 'text'; name: (typeof textFields)[number] }
  | { kind: 'number'; name: (typeof numberFields)[number] }
  | { kind: 'flag'; name: (typeof flagFields)[number] }
  | { kind: 'time'; name: (typeof timeFields)[number] }
  | { kind: 'setting'; path: string[] }
  | { kind: 'metric'; name: string; of: MetricValue };

export const operators = ['=', '!=', '<', '<=', '>', '>=', '~'] as const;
export type Operator = (typeof operators)[number];

/** Times are ISO 8601 in UTC with milliseconds. */
export type Scalar = string | number | boolean;

/** One statement about one field. `null` stands for a value that is not there. */
export type Comparison =
  | { kind: 'compare'; field: Field; operator: Operator; value: Scalar | null }
  | { kind: 'in'; field: Field; values: Scalar[] };

/**
 * Which runs: what the query language and the API's filters both come to. A comparison with a value that is not there does not
 * hold, and `not` is its exact complement: `not metric.loss > 1` takes the runs that have no such metric.
 */
export type Condition =
  | Comparison
  | { kind: 'constant'; value: boolean }
  | { kind: 'and' | 'or'; of: [Condition, Condition, ...Condition[]] }
  | { kind: 'not'; of: Condition };

/** All of these hold; of none, everything does. */
export function allOf(conditions: Condition[]): Condition {
  return joined('and', conditions);
}

/** One of these holds; of none, nothing does. */
export function anyOf(conditions: Condition[]): Condition {
  return joined('or', conditions);
}

function joined(kind: 'and' | 'or', conditions: Condition[]): Condition {
  const [first, second, ...rest] = conditions;
  if (first === undefined) return { kind: 'constant', value: kind === 'and' };
  return second === undefined ? first : { kind, of: [first, second, ...rest] };
}

/** What a query may be at most: far beyond what people write, and nothing that takes long to parse or plan. */
export const limits = { length: 10_000, depth: 50, comparisons: 100, metrics: 30, values: 1000 } as const;

/** Says which limit a condition exceeds, or null. Stops at the limits, so that it can be asked about any tree. */
export function exceededLimit(condition: Condition): string | null {
  let comparisons = 0;
  const metrics = new Set<string>();
  const visit = (node: Condition, depth: number): string | null => {
    if (depth > limits.depth) return `expected conditions nested at most ${limits.depth} deep`;
    switch (node.kind) {
      case 'constant':
        return null;
      case 'compare':
      case 'in':
        comparisons += 1;
        if (comparisons > limits.comparisons) return `expected at most ${limits.comparisons} comparisons`;
        if (node.field.kind === 'metric') metrics.add(node.field.name);
        return metrics.size > limits.metrics ? `expected at most ${limits.metrics} different metrics` : null;
      case 'not':
        return visit(node.of, depth + 1);
      case 'and':
      case 'or': {
        for (const child of node.of) {
          const complaint = visit(child, depth + 1);
          if (complaint !== null) return complaint;
        }
        return null;
      }
    }
  };
  return visit(condition, 1);
}
