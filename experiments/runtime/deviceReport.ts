import { FrostlineError } from '../errors.js';
import { devices, openRuntime, type Device } from './device.js';
import { nativePackages } from './eager.js';

/** What asking for a device comes to on this machine. */
export interface DeviceReport {
  device: Device;
  /** What would compute, such as `cpu (ONNX Runtime 1.30.0)`; null when the device cannot be used. */
  runs: string | null;
  /** Why it cannot be used, or what else there is to know; null for nothing. */
  note: string | null;
}

/** Opens every device, which for all but the CPU includes a first computation. */
export async function reportDevices(): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const device of devices) reports.push(await reportDevice(device));
  return reports;
}

async function reportDevice(device: Device): Promise<DeviceReport> {
  const notes: string[] = [];
  try {
    const runtime = await openRuntime(device, 1, (message) => notes.push(message));
    if (device === 'tfjs' && !nativePackages.some((name) => runtime.description.includes(name))) {
      notes.push(`plain JavaScript, slow; ${nativePackages.join(' or ')} would be used if installed`);
    }
    return { device, runs: runtime.description, note: notes.join('; ') || null };
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    return { device, runs: null, note: error.message.replace(/^device: /, '') };
  }
}
