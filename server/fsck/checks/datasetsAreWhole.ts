import { type Check } from '../check.js';

export const datasetsAreWhole: Check = {
  name: 'datasets',
  promise: 'every version of a dataset has as many rows as it says',
  async find({ database }) {
    const { rows } = await database.pool.query<{
      name: string;
      version: number;
      said: number;
      found: number;
    }>(
      `SELECT name, version, row_count AS said, count(dataset_row.ordinal)::int AS found
       FROM dataset LEFT JOIN dataset_row ON dataset_id = dataset.id
       GROUP BY dataset.id HAVING count(dataset_row.ordinal) <> row_count ORDER BY name, version`,
    );
    return rows.map(({ name, version, said, found }) => ({
      message: `${name}@${version} says that it has ${said} rows, and has ${found}`,
    }));
  },
};
