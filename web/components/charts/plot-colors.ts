/** Colours of the theme in force, as canvases need them. */

/** A colour of the palette, by the name of its custom property. */
export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The hue of a run's slot. */
export const hueOf = (slot: number) => cssColor(`--series-${(slot % 8) + 1}`);

/** A colour of six hexadecimal digits, seen through. */
export function translucent(color: string, alpha: number): string {
  return `${color}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
