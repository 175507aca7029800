import {
  Braces,
  Database,
  GitCompareArrows,
  House,
  ListTree,
  Snowflake,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';

export interface Destination {
  href: string;
  name: string;
  icon: LucideIcon;
}

/** The dashboard's pages, in the order of the navigation. */
export const destinations: readonly Destination[] = [
  { href: '/', name: 'Overview', icon: House },
  { href: '/runs', name: 'Runs', icon: ListTree },
  { href: '/compare', name: 'Compare', icon: GitCompareArrows },
  { href: '/datasets', name: 'Datasets', icon: Database },
  { href: '/freeze', name: 'Freeze', icon: Snowflake },
  { href: '/embeddings', name: 'Embeddings', icon: Waypoints },
  { href: '/graphiql', name: 'GraphiQL', icon: Braces },
];
