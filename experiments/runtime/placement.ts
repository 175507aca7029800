import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where one operator of a graph was run: ONNX Runtime's name of the execution provider. */
export interface Placement {
  operator: string;
  provider: string;
}

/** An event of ONNX Runtime's profile; those of operators say who ran them and what came out. */
interface ProfileEvent {
  cat?: string;
  args?: { op_name?: string; provider?: string; output_type_shape?: Record<string, unknown>[] };
}

/**
 * Asks ONNX Runtime's profiler which execution provider ran each operator, which nothing else in its Node.js binding tells. The profile
 * goes through a folder of its own.
 */
export class PlacementProbe {
  readonly #folder = mkdtempSync(join(tmpdir(), 'frostline-profile-'));

  /** What a session that is to be asked must be created with. */
  get sessionOptions(): { enableProfiling: true; profileFilePrefix: string } {
    return { enableProfiling: true, profileFilePrefix: join(this.#folder, 'run') };
  }

  /**
   * Where the operators of the run before were placed, once the session's profiling has been ended. Arithmetic on shapes (64-bit
   * integers) is left out: it stays on the CPU on purpose.
   */
  read(): Placement[] {
    const file = readdirSync(this.#folder)[0];
    if (file === undefined) return [];
    const events = JSON.parse(readFileSync(join(this.#folder, file), 'utf8')) as ProfileEvent[];
    return events.flatMap(({ cat, args }) => {
      if (cat !== 'Node' || args?.op_name === undefined || args.provider === undefined) return [];
      const types = (args.output_type_shape ?? []).flatMap((output) => Object.keys(output));
      const ofShapes = types.length > 0 && types.every((type) => type === 'int64');
      return ofShapes ? [] : [{ operator: args.op_name, provider: args.provider }];
    });
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
