import { reportDevices, type DeviceReport } from '../../experiments/runtime/deviceReport.js';
import { productVersion, readConfig, type Config } from '../config.js';
import { describeFolder, describeMachine, type FolderReport, type MachineReport } from './doctor/machine.js';
import { describeWeights, type Reachability, type WeightsReport } from './doctor/weights.js';

export interface DoctorOptions {
  json?: boolean;
  network?: boolean;
}

/** What `frostline doctor` finds. */
export interface DoctorReport {
  version: string;
  machine: MachineReport;
  folders: { cache: FolderReport; data: FolderReport };
  devices: DeviceReport[];
  weights: WeightsReport;
}

/** `frostline doctor`: what this machine offers, and what each `--device` would use. */
export async function doctor({ json, network }: DoctorOptions): Promise<void> {
  const report = await examine(readConfig(), network === true);
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : describe(report));
}

async function examine(config: Config, network: boolean): Promise<DoctorReport> {
  return {
    version: productVersion(config),
    machine: describeMachine(),
    folders: { cache: describeFolder(config.cacheFolder), data: describeFolder(config.dataFolder) },
    devices: await reportDevices(),
    weights: await describeWeights(config, network),
  };
}

function describe({ version, machine, folders, devices, weights }: DoctorReport): string {
  const sections: [string, [string, string][]][] = [
    [`frostline ${version}`, machineLines(machine)],
    ['folders', Object.entries(folders).map(([name, folder]) => [name, folderLine(folder)])],
    ['devices', devices.map(({ device, runs, note }) => [`--device ${device}`, deviceLine(runs, note)])],
    ['weights', weightLines(weights)],
  ];
  const width = Math.max(...sections.flatMap(([, lines]) => lines.map(([label]) => label.length)));
  return sections
    .map(([title, lines]) =>
      [title, ...lines.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`)].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}

function machineLines(machine: MachineReport): [string, string][] {
  const { cores, usableCores, memoryBytes, availableMemoryBytes } = machine;
  return [
    ['node', machine.node],
    ['system', machine.system],
    ['processor', machine.processor],
    ['cores', cores === usableCores ? `${cores}` : `${usableCores} of ${cores} usable`],
    ['instructions', machine.instructions.join(', ') || 'not known'],
    ['memory', `${gibibytes(availableMemoryBytes)} of ${gibibytes(memoryBytes)} available`],
  ];
}

function folderLine({ path, exists, writable, freeBytes }: FolderReport): string {
  const state = writable ? (exists ? '' : ', made when needed') : ', not writable';
  return `${path} (${gibibytes(freeBytes)} free${state})`;
}

function deviceLine(runs: string | null, note: string | null): string {
  if (runs === null) return `not usable: ${note}`;
  return note === null ? runs : `${runs}; ${note}`;
}

function weightLines({
  stored,
  huggingFaceCache,
  python,
  pip,
  hub,
  pypi,
}: WeightsReport): [string, string][] {
  const found = huggingFaceCache.models;
  return [
    ['stored', stored.join(', ') || 'none yet'],
    ['Hugging Face', `${found} ${found === 1 ? 'model' : 'models'} in ${huggingFaceCache.path}`],
    [
      'Python',
      python === null
        ? 'none (python3 is not found)'
        : `${python}, ${pip === null ? 'no pip' : `pip ${pip}`}`,
    ],
    ['hub', reachability(hub)],
    ['PyPI', reachability(pypi)],
  ];
}

function reachability(answer: Reachability | null): string {
  return answer === null ? 'not asked (--network asks)' : answer.detail;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
