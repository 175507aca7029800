import {
  Box,
  Braces,
  Database,
  FlaskConical,
  GitCompareArrows,
  House,
  KeyRound,
  ListOrdered,
  ListTree,
  Settings,
  Snowflake,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';

export interface Destination {
  href: string;
  name: string;
  icon: LucideIcon;
  /** The letter that leads there after "g". */
  key: string;
}

/** The dashboard's pages, in the order of the navigation. */
export const destinations: readonly Destination[] = [
  { href: '/', name: 'Overview', icon: House, key: 'o' },
  { href: '/experiments', name: 'Experiments', icon: FlaskConical, key: 'x' },
  { href: '/runs', name: 'Runs', icon: ListTree, key: 'r' },
  { href: '/queue', name: 'Queue', icon: ListOrdered, key: 'u' },
  { href: '/compare', name: 'Compare', icon: GitCompareArrows, key: 'c' },
  { href: '/datasets', name: 'Datasets', icon: Database, key: 'd' },
  { href: '/freeze', name: 'Freeze', icon: Snowflake, key: 'f' },
  { href: '/embeddings', name: 'Embeddings', icon: Waypoints, key: 'e' },
  { href: '/models', name: 'Models', icon: Box, key: 'm' },
  { href: '/graphiql', name: 'GraphiQL', icon: Braces, key: 'q' },
  { href: '/tokens', name: 'Tokens', icon: KeyRound, key: 't' },
  { href: '/settings', name: 'Settings', icon: Settings, key: 's' },
];
