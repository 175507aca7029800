import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWorkersElsewhere } from '../../support/elsewhere.js';

// A bucket of a real S3 server is tried by `npm run test:s3`.
const shared = mkdtempSync(join(tmpdir(), 'frostline-shared-'));
describeWorkersElsewhere('workers on other machines, with a shared folder of blobs', () => shared);
after(() => rmSync(shared, { recursive: true, force: true }));
