import { Upload } from 'lucide-react';

/** What lies over the page while a file is dragged across it. */
export function DropOverlay({ text }: { text: string }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed inset-0 z-40 flex flex-col items-center justify-center gap-3 border-4 border-dashed border-accent bg-canvas/90 p-6 text-center text-heading font-semibold text-accent"
    >
      <Upload className="size-8" />
      {text}
    </div>
  );
}
