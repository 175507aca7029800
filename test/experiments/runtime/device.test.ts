import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { type FrostlineError } from '../../../experiments/index.js';
import { openBest, openRuntime } from '../../../experiments/runtime/device.js';
import { supportedOnnxDevices } from '../../../experiments/runtime/onnxSession.js';

const deviceModule = fileURLToPath(new URL('../../../experiments/runtime/device.ts', import.meta.url));

/** Opens a device in a process of its own, whose environment tells the Vulkan loader of no driver. */
function openWithoutDriver(device: string): string {
  const script = `const { openRuntime } = await import(${JSON.stringify(deviceModule)});
    await openRuntime(${JSON.stringify(device)}).catch(({ code, message, path }) => console.log(JSON.stringify({ code, message, path })));`;
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', '@swc-node/register/esm-register', '--input-type=module', '--eval', script],
    { encoding: 'utf8', env: { ...process.env, VK_ICD_FILENAMES: '/nowhere.json' } },
  );
  return stdout;
}

describe('devices', () => {
  it('say what ran: the CPU by name, and plain TensorFlow.js where nothing native is installed', async () => {
    assert.match((await openRuntime('cpu')).description, /^cpu \(ONNX Runtime \d+\.\d+\.\d+\)$/);
    assert.match((await openRuntime('tfjs')).description, /^tfjs (cpu|tensorflow) \(@tensorflow\/tfjs-/);
  });

  it('that are not installed are refused with what is, and with the command that adds them', async () => {
    const installed = supportedOnnxDevices();
    const opened = openRuntime('cuda');
    if (installed.includes('cuda')) return void (await opened.catch(() => undefined));
    await assert.rejects(opened, (error: FrostlineError) => {
      assert.equal(error.code, 'UNAVAILABLE');
      assert.equal(error.path, 'device');
      assert.match(error.message, /^device: cuda is not in this installation .* npm run add-cuda adds it$/);
      return true;
    });
  });

  it('that do not start give way to the CPU when none was asked for by name, and it is said why', async () => {
    const notices: string[] = [];
    const { description } = await openBest(1, (message) => notices.push(message), ['cpu', 'cuda']);
    if (description.startsWith('cuda ')) return; // a machine with CUDA and a GPU
    assert.match(description, /^cpu /);
    assert.equal(notices.length, 1);
    assert.match(notices[0], /^device: ONNX Runtime could not start on cuda: .+; the CPU is used instead$/);
  });

  if (process.platform === 'linux') {
    it('that do not start are refused in one line that names why', () => {
      const { code, message, path } = JSON.parse(openWithoutDriver('webgpu')) as FrostlineError;
      assert.equal(code, 'UNAVAILABLE');
      assert.equal(path, 'device');
      assert.equal(
        message,
        'device: ONNX Runtime could not start on webgpu: Failed to get a WebGPU adapter: No supported adapters',
      );
    });
  }
});
