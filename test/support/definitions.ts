/** The least that a definition can say, as JSON. */
export function minimalDefinition(): Record<string, unknown> {
  return { model: 'model', dataset: 'data.csv', tasks: [{ name: 'topic' }] };
}
