import {
  ourEmbedding,
  ourEncoding,
  ourTraining,
  peerEmbedding,
  peerTraining,
  type TrainingWork,
} from './contenders.js';
import type { Command, Measurement } from './measureProcess.js';
import { epochSeconds, resultSeconds } from './printed.js';
import type { Workplace } from './workplace.js';

export type Side = 'ours' | 'torch' | 'torch-bf16';

export const sideLabels: Record<Side, string> = {
  ours: 'Frostline',
  torch: 'PyTorch',
  'torch-bf16': 'PyTorch, bfloat16',
};

/** One way to do a row's work. */
export interface Contender {
  side: Side;
  /** Made anew for every run, as each of ours starts from a cold cache. */
  command(): Command;
  /** Measured once unless `--runs` says otherwise, for it takes minutes. */
  long?: boolean;
  /** What the row asks for is this many times the work of the command. */
  times?: number;
}

/** Something that is read off a run. */
export interface Metric {
  title: string;
  unit: 's' | 'ms' | 'sentences/s';
  better: 'lower' | 'higher';
  value(measurement: Measurement): number;
  /** How many times better than each peer ours is to be. */
  targets: Partial<Record<Side, number>>;
}

export interface Row {
  id: string;
  title: string;
  /** How long one run takes ours and the peer on two cores, for people. */
  takes: string;
  contenders: Contender[];
  metrics: Metric[];
}

/** The rows in the order of the table. */
export function allRows(place: Workplace): Row[] {
  const { data, notebook, quick } = place;
  const training = (work: TrainingWork, options: Partial<Contender> = {}): Contender[] => [
    { side: 'ours', command: () => ourTraining(place, work) },
    { side: 'torch', command: () => peerTraining(place, { ...work, sweep: undefined }), ...options },
  ];
  const full: TrainingWork = { name: 'full', freeze: 'full', epochs: 1 };
  const partial: TrainingWork = { name: 'partial', freeze: 'partial', epochs: 2 };
  const headOnly: TrainingWork = {
    name: 'head-only',
    freeze: 'head-only',
    epochs: quick ? 3 : 10,
    learningRate: 1e-3,
  };
  const sweep: TrainingWork = {
    ...headOnly,
    name: 'sweep',
    sweep: {
      'training.learningRate': [1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3],
      'training.seed': [1, 2, 3],
    },
  };
  const step: TrainingWork = {
    name: 'step',
    freeze: 'full',
    epochs: quick ? 2 : 3,
    batchSize: 2,
    model: place.randomModel,
    data: notebook,
  };
  const firstSentence = place.sentences.slice(0, place.sentences.indexOf('\n') + 1);
  const stepsPerEpoch = notebook.train / 2;
  const wall: Metric = {
    title: 'whole process',
    unit: 's',
    better: 'lower',
    value: ({ wallSeconds }) => wallSeconds,
    targets: {},
  };
  return [
    {
      id: 'full',
      title: 'full fine-tuning',
      takes: '30 s; PyTorch 110 s, its bfloat16 60 s',
      contenders: [
        ...training(full),
        { side: 'torch-bf16', command: () => peerTraining(place, { ...full, bf16: true }) },
      ],
      metrics: [
        {
          title: 'training sentences, with tokenisation and validation',
          unit: 'sentences/s',
          better: 'higher',
          value: (measurement) => (full.epochs * data.train) / resultSeconds(measurement),
          targets: { torch: 3, 'torch-bf16': 1.2 },
        },
      ],
    },
    {
      id: 'partial',
      title: `embeddings and 3 of 6 blocks frozen, ${partial.epochs} epochs`,
      takes: '30 s; PyTorch 155 s',
      contenders: training(partial),
      metrics: [{ ...wall, targets: { torch: 4 } }],
    },
    {
      id: 'head-only',
      title: `head-only, ${headOnly.epochs} epochs, cold cache`,
      takes: '12 s; PyTorch 10 minutes (once)',
      contenders: training(headOnly, { long: true }),
      metrics: [
        { ...wall, targets: { torch: 30 } },
        {
          title: 'an epoch after the first, with validation',
          unit: 'ms',
          better: 'lower',
          value: (measurement) => epochSeconds(measurement) * 1000,
          targets: { torch: 200 },
        },
      ],
    },
    {
      id: 'sweep',
      title: `head-only sweep of 24 runs, ${headOnly.epochs} epochs each`,
      takes: '40 s; PyTorch is not run again: 24 × its head-only run',
      contenders: training(sweep, {
        command: () => peerTraining(place, headOnly),
        long: true,
        times: 24,
      }),
      metrics: [{ ...wall, targets: { torch: 200 } }],
    },
    {
      id: 'step',
      title: "the notebook's step: DistilBERT's size, batch 2, about 10 tokens, all trained, Adam included",
      takes: '8 s; PyTorch 25 s',
      contenders: training(step),
      metrics: [
        {
          title: 'one step',
          unit: 'ms',
          better: 'lower',
          value: (measurement) => (epochSeconds(measurement) / stepsPerEpoch) * 1000,
          targets: { torch: 3 },
        },
      ],
    },
    {
      id: 'embed',
      title: `embed ${data.rows.toLocaleString('en')} sentences, from start to end of the process`,
      takes: '11 s; PyTorch 38 s, its bfloat16 20 s',
      contenders: [
        { side: 'ours', command: () => ourEmbedding(place, place.sentences) },
        { side: 'torch', command: () => peerEmbedding(place, place.sentences) },
        { side: 'torch-bf16', command: () => peerEmbedding(place, place.sentences, { bf16: true }) },
      ],
      metrics: [
        {
          title: 'sentences',
          unit: 'sentences/s',
          better: 'higher',
          value: ({ wallSeconds }) => data.rows / wallSeconds,
          targets: { torch: 2.4 },
        },
      ],
    },
    {
      id: 'encode',
      title: `encode ${data.rows.toLocaleString('en')} sentences, model loaded, nothing printed`,
      takes: '10 s; PyTorch is not run again: the row above says what encoding took',
      contenders: [
        { side: 'ours', command: () => ourEncoding(place, place.sentences) },
        { side: 'torch', command: () => peerEmbedding(place, place.sentences) },
        { side: 'torch-bf16', command: () => peerEmbedding(place, place.sentences, { bf16: true }) },
      ],
      metrics: [
        {
          title: 'sentences',
          unit: 'sentences/s',
          better: 'higher',
          value: (measurement) => data.rows / resultSeconds(measurement),
          targets: { torch: 2.4 },
        },
      ],
    },
    {
      id: 'embed-one',
      title: 'embed one sentence, cold process',
      takes: '1 s; PyTorch 10 s',
      contenders: [
        { side: 'ours', command: () => ourEmbedding(place, firstSentence) },
        { side: 'torch', command: () => peerEmbedding(place, firstSentence) },
      ],
      metrics: [{ ...wall, targets: { torch: 5 } }],
    },
  ];
}
