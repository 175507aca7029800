const sections = [
  ['verdict', 'Verdict'],
  ['frontier', 'Frontier'],
  ['curves', 'Curves'],
  ['metrics', 'Metrics'],
  ['classes', 'Classes'],
  ['changes', 'Changes'],
  ['settings', 'Settings'],
  ['explained', 'Explanation'],
  ['parallel', 'Parallel'],
  ['scatter', 'Scatter'],
] as const;
/** What a single run has. */
const ofOne: readonly string[] = ['curves', 'metrics', 'classes'];

/** The way to each part of a long page; it stays in reach. */
export function SectionLinks({ alone }: { alone: boolean }) {
  return (
    <nav
      aria-label="Parts of the comparison"
      className="sticky top-0 z-10 -mx-4 overflow-x-auto border-b border-line bg-canvas px-4 lg:-mx-6 lg:px-6"
    >
      <ul className="flex gap-4 text-table">
        {sections
          .filter(([id]) => !alone || ofOne.includes(id))
          .map(([id, name]) => (
            <li key={id}>
              <a href={`#${id}`} className="block py-2 whitespace-nowrap text-muted hover:text-text">
                {name}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}
