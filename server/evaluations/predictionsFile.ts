import { readSafetensors, writeSafetensors, type HostTensor } from '../../experiments/models/safetensors.js';
import { type RowPrediction } from '../../experiments/training/evaluation/predictions.js';

/** What a run says of one task's rows, in columns. */
export interface TaskColumns {
  classes: string[];
  /** Index of each row's label; -1 where it carries none. */
  labels: Int32Array;
  /** Index of the class that each row is taken for. */
  predicted: Int32Array;
  /** [rows, classes] */
  probabilities: Float32Array;
}

/** Predictions in columns: a tenth of the JSON's size, and filtered without making an object a row. */
export interface PredictionColumns {
  /** Places in the dataset, from 0. */
  rows: Int32Array;
  tasks: Map<string, TaskColumns>;
}

interface TaskClasses {
  name: string;
  classes: readonly string[];
}

/** The bytes that predictions are stored as: safetensors, the classes in its header. The same predictions give the same bytes. */
export function packPredictions(
  predictions: readonly RowPrediction[],
  tasks: readonly TaskClasses[],
): Uint8Array {
  const count = predictions.length;
  const tensors = new Map<string, HostTensor>();
  const rows = Int32Array.from(predictions, ({ row }) => row);
  tensors.set('rows', { dtype: 'int32', shape: [count], data: rows });
  tasks.forEach(({ name, classes }, index) => {
    const labels = Int32Array.from(predictions, ({ tasks: said }) => {
      const { label } = said[name]!;
      return label === null ? -1 : classes.indexOf(label);
    });
    const probabilities = new Float32Array(count * classes.length);
    predictions.forEach(({ tasks: said }, place) =>
      probabilities.set(said[name]!.probabilities, place * classes.length),
    );
    const predicted = Int32Array.from(predictions, ({ tasks: said }) =>
      classes.indexOf(said[name]!.predicted),
    );
    tensors.set(`${index}.labels`, { dtype: 'int32', shape: [count], data: labels });
    tensors.set(`${index}.predicted`, { dtype: 'int32', shape: [count], data: predicted });
    tensors.set(`${index}.probabilities`, {
      dtype: 'float32',
      shape: [count, classes.length],
      data: probabilities,
    });
  });
  const header = tasks.map(({ name, classes }) => ({ name, classes }));
  return writeSafetensors(tensors, { frostline: 'predictions', tasks: JSON.stringify(header) });
}

/** Reads stored predictions back. */
export function unpackPredictions(bytes: Uint8Array): PredictionColumns {
  const { tensors, metadata } = readSafetensors(bytes, { source: 'predictions' });
  const header = JSON.parse(metadata.tasks ?? '[]') as { name: string; classes: string[] }[];
  const tasks = header.map(({ name, classes }, index): [string, TaskColumns] => [
    name,
    {
      classes,
      labels: tensors.get(`${index}.labels`)!.data as Int32Array,
      predicted: tensors.get(`${index}.predicted`)!.data as Int32Array,
      probabilities: tensors.get(`${index}.probabilities`)!.data as Float32Array,
    },
  ]);
  return { rows: tensors.get('rows')!.data as Int32Array, tasks: new Map(tasks) };
}
