import assert from 'node:assert/strict';
import { parseGpus, SystemMonitor } from '../../../server/worker/systemMonitor.js';

describe('the system monitor', () => {
  it('tells how busy the processors are, and of memory, in percent', () => {
    const readings = new Map(
      new SystemMonitor(async () => assert.fail('no GPU')).read().map(({ name, value }) => [name, value]),
    );
    for (const name of ['system/cpu', 'system/memory']) {
      const value = readings.get(name)!;
      assert.ok(value >= 0 && value <= 100, `${name} is ${value}`);
    }
    assert.ok(readings.get('system/processMemory')! > 10);
    assert.equal(readings.size, 3);
  });

  it('reads each GPU, and leaves out what one does not tell', () => {
    assert.deepEqual(parseGpus('37, 1024\n0, 81559\n[N/A], 12\n'), [
      { name: 'system/gpu', value: 37 },
      { name: 'system/gpuMemory', value: 1024 },
      { name: 'system/gpu1', value: 0 },
      { name: 'system/gpu1Memory', value: 81559 },
      { name: 'system/gpu2Memory', value: 12 },
    ]);
    assert.deepEqual(parseGpus(''), []);
  });

  it('tells of GPUs from the second reading on', async () => {
    const monitor = new SystemMonitor(async () => '5, 100\n');
    assert.equal(monitor.read().length, 3);
    await monitor.readGpus();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(monitor.read().slice(3), [
      { name: 'system/gpu', value: 5 },
      { name: 'system/gpuMemory', value: 100 },
    ]);
  });

  it('asks a machine without GPUs only once', async () => {
    let asked = 0;
    const monitor = new SystemMonitor(async () => {
      asked += 1;
      throw new Error('not found');
    });
    await monitor.readGpus();
    await monitor.readGpus();
    assert.equal(asked, 1);
  });

  it('goes on asking one that failed to answer once', async () => {
    const answers = ['1, 2', null, '3, 4'];
    const monitor = new SystemMonitor(async () => answers.shift() ?? Promise.reject(new Error('timeout')));
    await monitor.readGpus();
    await monitor.readGpus();
    assert.equal(monitor.read().length, 3);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(monitor.read().find(({ name }) => name === 'system/gpu')?.value, 3);
  });
});
