import { Delta } from '@/components/compare/Delta';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { axisText, lineName } from './chart-line';
import type { PlotSettings } from './plot-data';
import type { CursorState } from './read-cursor';

/** As many lines as a tooltip lists. */
export const MOST_LISTED = 12;

/** The values under the pointer, nearest first; with smoothing the raw value stands beside the smoothed one. */
export function ChartTooltip({
  state,
  settings,
  metric,
}: {
  state: CursorState;
  settings: PlotSettings;
  metric: string;
}) {
  const onLeft = state.left > state.width / 2;
  const rows = state.rows.slice(0, MOST_LISTED);
  const withDelta = rows.some((row) => row.delta !== null);
  const withSize = rows.some((row) => row.size !== null);
  return (
    <div
      aria-hidden
      data-tooltip
      className="pointer-events-none absolute top-2 z-10 max-w-[80%] overflow-hidden rounded-md border border-line bg-surface px-2.5 py-1.5 text-axis shadow-lg"
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
              <td className="max-w-40 truncate pr-3">
                <span className={row.line.bold ? 'font-semibold' : undefined}>{row.line.label}</span>
                {row.line.detail && <span className="text-muted"> {row.line.detail}</span>}
              </td>
              <td className="text-right font-medium whitespace-nowrap">{settings.format(row.value)}</td>
              {settings.smoothing > 0 && (
                <td className="pl-2 text-right whitespace-nowrap text-muted">{settings.format(row.raw)}</td>
              )}
              {withDelta && (
                <td className="pl-2 text-right">
                  <Delta metric={metric} delta={row.delta} />
                </td>
              )}
              {withSize && <td className="pl-2 text-right whitespace-nowrap text-muted">n = {row.size}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {state.rows.length > MOST_LISTED && (
        <p className="text-muted">and {state.rows.length - MOST_LISTED} more</p>
      )}
    </div>
  );
}

/** The same in words, for those who step through a chart by keyboard. */
export function cursorText(state: CursorState, settings: PlotSettings): string {
  const values = state.rows.slice(0, 4).map((row) => `${lineName(row.line)} ${settings.format(row.value)}`);
  const more = state.rows.length > 4 ? `, and ${state.rows.length - 4} more` : '';
  return `${axisText(state.x, settings.axis)}: ${values.join(', ')}${more}`;
}
