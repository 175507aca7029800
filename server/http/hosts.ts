import { hostname as machineName } from 'node:os';
import { isIP } from 'node:net';
import { type Config } from '../config.js';

/** Whether a host to bind to is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '::1' ||
    host === '[::1]' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** Whether other machines can reach the server: directly, or by an address that something in front of it has. */
export function isPublic({ host, origins }: Pick<Config, 'host' | 'origins'>): boolean {
  return !isLoopback(host) || origins.some((origin) => !isLoopback(new URL(origin).hostname));
}

/** The name in a Host header, without its port; null when it is none. */
export function hostnameOf(header: string | undefined): string | null {
  if (header === undefined || !URL.canParse(`http://${header}`)) return null;
  return new URL(`http://${header}`).hostname;
}

/**
 * Whether the server answers to a name: its own, those of FROSTLINE_ORIGINS, and, where others reach it, this machine's name and
 * addresses. Never to other names: a page elsewhere could make its own name resolve to this machine (DNS rebinding); it cannot
 * do that with an address.
 */
export function answersTo(name: string, { host, origins }: Pick<Config, 'host' | 'origins'>): boolean {
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || name === '127.0.0.1' || name === '[::1]' || bare === host) return true;
  if (origins.some((origin) => new URL(origin).hostname === name)) return true;
  return !isLoopback(host) && (isIP(bare) !== 0 || name === machineName().toLowerCase());
}
