import { type GraphQLAnswer, type TestServer } from './server.js';

/** Stores rows inline. */
export const CREATE_DATASET = `mutation ($input: CreateDatasetInput!) {
  createDataset(input: $input) { created dataset { id name version digest rowCount } }
}`;

export interface CreatedDataset {
  createDataset: {
    created: boolean;
    dataset: { id: string; name: string; version: number; digest: string; rowCount: number };
  };
}

/** Stores rows through the API. */
export function createRows(
  server: TestServer,
  name: string,
  rows: object[],
  more: object = {},
): Promise<GraphQLAnswer<CreatedDataset>> {
  return server.query(CREATE_DATASET, { input: { name, rows, ...more } });
}
