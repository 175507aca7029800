import { RunSwatch } from '@/components/runs/RunSwatch';
import { axisText, type ChartLine } from './chart-line';
import type { PlotSettings } from './plot-options';

export interface TooltipState {
  left: number;
  width: number;
  x: number;
  /** Nearest to the pointer first. */
  rows: { line: ChartLine; x: number; value: number; raw: number | null; distance: number }[];
}

const MOST = 12;

/** The values under the pointer, nearest first; with smoothing the raw value stands beside the smoothed one. */
export function ChartTooltip({ state, settings }: { state: TooltipState; settings: PlotSettings }) {
  const onLeft = state.left > state.width / 2;
  const rows = state.rows.slice(0, MOST);
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-2 z-10 max-w-[70%] rounded-md border border-line bg-surface px-2.5 py-1.5 text-axis shadow-lg"
      style={onLeft ? { right: state.width - state.left + 12 } : { left: state.left + 12 }}
    >
      <p className="text-muted">{axisText(state.x, settings.axis)}</p>
      <table>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line.key}>
              <td className="pr-1.5">
                <RunSwatch slot={row.line.slot} hollow={row.line.dashed} />
              </td>
              <td className="max-w-44 truncate pr-3">
                {row.line.label}
                {row.line.detail && <span className="text-muted"> {row.line.detail}</span>}
              </td>
              <td className="text-right font-medium">{settings.format(row.value)}</td>
              {settings.smoothing > 0 && (
                <td className="pl-2 text-right text-muted">{settings.format(row.raw)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {state.rows.length > MOST && <p className="text-muted">and {state.rows.length - MOST} more</p>}
    </div>
  );
}
