/** A stretch of a list in keyset order; `after` is the key of the last row of the page before. */
export interface PageRequest {
  first: number;
  after: bigint | null;
}

export interface Page<Row> {
  rows: Row[];
  totalCount: number;
  hasNextPage: boolean;
}

/** Makes a page of rows that were read with one more than was asked for. */
export function pageOf<Row>(rows: Row[], first: number, totalCount: number): Page<Row> {
  return { rows: rows.slice(0, first), totalCount, hasNextPage: rows.length > first };
}
