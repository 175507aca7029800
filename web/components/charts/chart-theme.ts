import { cssColor, hueOf } from './plot-colors';

/** Colours and type of the theme in force, for charts that are given options instead of styles. */
export interface ChartTheme {
  text: string;
  muted: string;
  line: string;
  strong: string;
  surface: string;
  sunken: string;
  accent: string;
  font: string;
  hue: (slot: number) => string;
}

/** Reads the theme from the page. */
export function readChartTheme(): ChartTheme {
  return {
    text: cssColor('--text'),
    muted: cssColor('--muted'),
    line: cssColor('--line'),
    strong: cssColor('--line-strong'),
    surface: cssColor('--surface'),
    sunken: cssColor('--sunken'),
    accent: cssColor('--accent'),
    font: getComputedStyle(document.body).fontFamily,
    hue: hueOf,
  };
}

/** What all axes look like. */
export function axisStyle(theme: ChartTheme) {
  return {
    nameTextStyle: { color: theme.muted, fontSize: 11 },
    axisLabel: { color: theme.muted, fontSize: 11, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: theme.line } },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: theme.line } },
  };
}

/** ECharts' names of the marker shapes, by the round of a slot through the hues. */
export const symbolOf = (slot: number): string =>
  ['circle', 'rect', 'diamond', 'triangle'][Math.floor(slot / 8) % 4]!;

/** Content of a tooltip as elements: what runs are called is text and never markup. */
export function tooltipContent(title: string, rows: readonly (readonly [string, string])[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'text-axis';
  const heading = document.createElement('p');
  heading.className = 'font-semibold max-w-64 truncate';
  heading.textContent = title;
  const list = document.createElement('table');
  for (const [name, value] of rows) {
    const row = list.insertRow();
    const label = row.insertCell();
    label.className = 'pr-3 text-muted max-w-48 truncate';
    label.textContent = name;
    const cell = row.insertCell();
    cell.className = 'text-right font-medium';
    cell.textContent = value;
  }
  box.append(heading, list);
  return box;
}

/** What all tooltips look like. */
export function tooltipStyle(theme: ChartTheme) {
  return {
    backgroundColor: theme.surface,
    borderColor: theme.line,
    textStyle: { color: theme.text, fontSize: 11 },
    padding: [6, 10] as [number, number],
    confine: true,
    transitionDuration: 0,
  };
}
