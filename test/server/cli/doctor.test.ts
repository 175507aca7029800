import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { DoctorReport } from '../../../server/cli/doctor.js';
import { runCli } from '../../support/cli.js';
import { useFolder } from '../../support/folder.js';

describe('frostline doctor', () => {
  const folder = useFolder();
  let hub: Server;
  let url = '';
  let asked = 0;
  before(async () => {
    hub = createServer((_, response) => {
      asked++;
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(hub, 'listening');
    url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  });
  after(() => hub.close());

  it('says as JSON what the machine offers, and asks no network', async () => {
    const cache = join(folder.path, 'not', 'yet', 'there');
    const { status, stdout } = await runCli(['doctor', '--json'], {
      env: { FROSTLINE_CACHE: cache, FROSTLINE_OFFLINE: '', HF_ENDPOINT: url },
    });
    assert.equal(status, 0);
    assert.equal(asked, 0);
    const report = JSON.parse(stdout) as DoctorReport;
    assert.equal(report.machine.node, process.version);
    assert.ok(report.machine.usableCores >= 1 && report.machine.availableMemoryBytes > 0);
    assert.deepEqual(
      { ...report.folders.cache, freeBytes: 0 },
      { path: cache, exists: false, writable: true, freeBytes: 0 },
    );
    assert.deepEqual(
      report.devices.map(({ device }) => device),
      ['auto', 'cpu', 'webgpu', 'cuda', 'tfjs'],
    );
    const cpu = report.devices.find(({ device }) => device === 'cpu');
    assert.match(cpu?.runs ?? '', /^cpu \(ONNX Runtime /);
    for (const { runs, note } of report.devices) assert.ok(runs !== null || note !== null);
    assert.deepEqual(report.weights.stored, []);
    assert.equal(report.weights.hub, null);
    assert.equal(report.weights.pypi, null);
  });

  it('asks the hub when told to, and prints what it said', async () => {
    const { status, stdout } = await runCli(['doctor', '--network'], {
      env: { FROSTLINE_CACHE: folder.path, FROSTLINE_OFFLINE: '', HF_ENDPOINT: url, PATH: folder.path },
    });
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^  hub +${url} answered 204$`, 'm'));
    assert.match(stdout, /^ {2}Python +none \(python3 is not found\)$/m);
    assert.match(stdout, /^ {2}PyPI +there is no pip to ask it with$/m);
    assert.match(stdout, /^ {2}--device auto +(cpu|cuda) \(ONNX Runtime /m);
  });
});
