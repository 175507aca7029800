import { cloneElement, type ComponentProps, type ReactElement } from 'react';

type Look = 'primary' | 'plain' | 'danger' | 'ghost';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:brightness-110',
  plain: 'border border-line bg-surface hover:border-line-strong',
  danger: 'border border-line bg-surface text-bad hover:border-bad',
  ghost: 'text-muted hover:bg-sunken hover:text-text',
};

const base =
  'inline-flex items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap disabled:opacity-50';

const sizes = { small: 'h-7 px-2 text-table', normal: 'h-8 px-3 text-body' };

/** A button; `small` for rows and toolbars. */
export function Button({
  look = 'plain',
  small = false,
  className = '',
  ...rest
}: ComponentProps<'button'> & { look?: Look; small?: boolean }) {
  const size = small ? sizes.small : sizes.normal;
  return <button type="button" {...rest} className={`${base} ${looks[look]} ${size} ${className}`} />;
}

/** Gives a link the looks of a button. */
export function AsButton({
  look = 'plain',
  small = false,
  children,
}: {
  look?: Look;
  small?: boolean;
  children: ReactElement<{ className?: string }>;
}) {
  return cloneElement(children, {
    className: `${base} ${looks[look]} ${small ? sizes.small : sizes.normal} ${children.props.className ?? ''}`,
  });
}
