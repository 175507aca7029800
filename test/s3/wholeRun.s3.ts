import { randomUUID } from 'node:crypto';
import { describeWorkersElsewhere } from '../support/elsewhere.js';
import { blobsAt } from './bucket.js';

describeWorkersElsewhere('workers on other machines, with a bucket of blobs', () =>
  blobsAt(`runs/${randomUUID()}`),
);
