import type { Tensor } from '@tensorflow/tfjs-core';

import type { InputDeclaration } from '../runtime/program.js';
import type { BackboneConfig } from './config.js';
import type { EncoderInputs, GridName } from './encoder.js';
import { mapGrids, type PerGrid } from './ops/perGrid.js';

/** Names of what an encoder is fed of one attention grid. */
type GridFeed = 'unpackHeads' | 'tokenMask' | 'distances';

/** Names of what an encoder is fed besides its first hidden state. */
export type EncoderFeed =
  | GridFeed
  | `${GridFeed}:${GridName}`
  | 'packHeads'
  | 'unpackTokens'
  | 'sentenceOf'
  | 'inverseCount'
  | 'firstToken'
  | 'isFirst';

/** Into how many grids attention lays the sentences of a batch: by length into two, or all into one. */
export type GridCount = 1 | 2;

const gridNames: Record<GridCount, PerGrid<GridName>> = { 1: ['all'], 2: ['short', 'long'] };

/** The grids of a program. */
export function gridsOf(count: GridCount): PerGrid<GridName> {
  return gridNames[count];
}

/** What an input of a grid is called. */
export function gridFeed<Feed extends GridFeed>(grid: GridName, feed: Feed): Feed | `${Feed}:${GridName}` {
  return grid === 'all' ? feed : `${feed}:${grid}`;
}

/** The symbols that stand for a grid's sentences and their padded length. */
export function gridSymbols(grid: GridName): { sentences: string; length: string } {
  if (grid === 'all') return { sentences: 'sentences', length: 'length' };
  return { sentences: `${grid}Sentences`, length: `${grid}Length` };
}

/** What an encoder is fed besides its first hidden state. */
export function encoderInputs(
  config: BackboneConfig,
  grids: GridCount = 1,
): Partial<Record<EncoderFeed, InputDeclaration>> {
  return {
    ...Object.assign({}, ...gridsOf(grids).map((grid) => gridInputs(config, grid))),
    packHeads: { shape: [`${config.attentionHeads}*tokens`], dtype: 'int32' },
    unpackTokens: { shape: ['sentences*length'], dtype: 'int32' },
    sentenceOf: { shape: ['tokens'], dtype: 'int32' },
    tokenMask: { shape: ['sentences', 'length'], dtype: 'float32' },
    inverseCount: { shape: ['sentences', 1], dtype: 'float32' },
    firstToken: { shape: ['sentences'], dtype: 'int32' },
    isFirst: { shape: ['tokens', 1], dtype: 'float32' },
  };
}

function gridInputs(
  { attentionHeads, distanceBuckets }: BackboneConfig,
  grid: GridName,
): Partial<Record<EncoderFeed, InputDeclaration>> {
  const { sentences, length } = gridSymbols(grid);
  const distances: InputDeclaration = { shape: [`${length}*${length}`], dtype: 'int32' };
  return {
    [gridFeed(grid, 'unpackHeads')]: { shape: [`${attentionHeads}*${sentences}*${length}`], dtype: 'int32' },
    [gridFeed(grid, 'tokenMask')]: { shape: [sentences, length], dtype: 'float32' },
    ...(distanceBuckets === null ? {} : { [gridFeed(grid, 'distances')]: distances }),
  };
}

/** The inputs of `encoderInputs`, as the encoder takes them. */
export function encoderTensors(
  { distanceBuckets }: BackboneConfig,
  lookup: (name: EncoderFeed) => Tensor,
  grids: GridCount = 1,
): EncoderInputs {
  return {
    grids: mapGrids(gridsOf(grids), (name) => ({
      name,
      unpackHeads: lookup(gridFeed(name, 'unpackHeads')),
      tokenMask: lookup(gridFeed(name, 'tokenMask')),
      distances: distanceBuckets === null ? null : lookup(gridFeed(name, 'distances')),
    })),
    packHeads: lookup('packHeads'),
    unpackTokens: lookup('unpackTokens'),
    sentenceOf: lookup('sentenceOf'),
    tokenMask: lookup('tokenMask'),
    inverseCount: lookup('inverseCount'),
    first: { rows: lookup('firstToken'), isFirst: lookup('isFirst') },
  };
}
