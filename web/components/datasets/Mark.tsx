/** A word on what is wrong with rows. */
export function Mark({ children }: { children: string }) {
  return (
    <span className="rounded-full bg-warn-soft px-2 py-px text-axis whitespace-nowrap text-warn">
      {children}
    </span>
  );
}
