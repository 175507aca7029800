/** Cases that slow devices train too: one of each kind. */
export const eagerCases = [
  'bert-full',
  'distilbert-lower-layers-frozen',
  'partial-labels-head-only',
  'everything-at-once',
  'mpnet-full',
  'albert-lower-layers-frozen',
  'max-pooling',
];
