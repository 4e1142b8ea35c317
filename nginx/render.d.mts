import type { HostSettings } from './settings.mjs';

/** The files that nginx itself reads: when these are equal, nothing is to be reloaded. */
export function isNginxFile(name: string): boolean;

/**
 * The nginx configuration of a host: text by file name; nginx is started with `-c OUTDIR/nginx.conf`. `build`: the release's
 * id, for /version.json; `asRoot`: nginx is started by root and must become the user.
 * @throws Error naming every wrong field of the settings
 */
export function render(
  settings: HostSettings,
  options?: { build?: string; asRoot?: boolean; brotli?: boolean },
): Record<string, string>;
