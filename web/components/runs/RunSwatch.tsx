import { slotColor, slotShape } from '@/lib/colors';

const paths = {
  circle: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9',
  square: 'M1.75 1.75h8.5v8.5h-8.5z',
  diamond: 'M6 .75L11.25 6L6 11.25L.75 6z',
  triangle: 'M6 1L11.25 10.5H.75z',
};

/** A run's colour and marker shape, as its curves have them. */
export function RunSwatch({ slot, hollow = false }: { slot: number; hollow?: boolean }) {
  return (
    <svg aria-hidden viewBox="0 0 12 12" className="size-3 shrink-0">
      <path
        d={paths[slotShape(slot)]}
        fill={hollow ? 'none' : slotColor(slot)}
        stroke={slotColor(slot)}
        strokeWidth={hollow ? 1.5 : 0}
      />
    </svg>
  );
}
