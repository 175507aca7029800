/** A run keeps one colour slot everywhere; hues repeat after eight slots, told apart by the shape of their markers. */

export const HUES = 8;
export type MarkerShape = 'circle' | 'square' | 'diamond' | 'triangle';
const shapes: readonly MarkerShape[] = ['circle', 'square', 'diamond', 'triangle'];

/** CSS colour of a slot, from the palette of the theme in force. */
export function slotColor(slot: number): string {
  return `var(--series-${(slot % HUES) + 1})`;
}

/** Marker shape of a slot: a new one for each round through the hues. */
export function slotShape(slot: number): MarkerShape {
  return shapes[Math.floor(slot / HUES) % shapes.length] ?? 'circle';
}

/**
 * Gives every run a slot and leaves earlier ones as they are. A new run gets the slot that fewest of the runs
 * shown with it use, then the one fewest runs use at all, so that neighbours differ for as long as the palette allows.
 */
export function assignSlots(
  stored: Readonly<Record<string, number>>,
  ids: readonly string[],
): Record<string, number> {
  const slots: Record<string, number> = { ...stored };
  const everywhere = new Array<number>(HUES).fill(0);
  for (const slot of Object.values(slots)) everywhere[slot % HUES]! += 1;
  const here = new Array<number>(HUES).fill(0);
  for (const id of ids) {
    const slot = slots[id];
    if (slot !== undefined) here[slot % HUES]! += 1;
  }
  for (const id of ids) {
    if (slots[id] !== undefined) continue;
    let hue = 0;
    for (let candidate = 1; candidate < HUES; candidate += 1) {
      const fewerHere = here[candidate]! - here[hue]!;
      if (fewerHere < 0 || (fewerHere === 0 && everywhere[candidate]! < everywhere[hue]!)) hue = candidate;
    }
    slots[id] = hue + HUES * here[hue]!;
    here[hue]! += 1;
    everywhere[hue]! += 1;
  }
  return slots;
}
