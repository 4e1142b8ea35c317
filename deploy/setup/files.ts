import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { HostSettings } from '../config/settings.ts';
import { fill } from '../../nginx/template.mjs';

/** A file of the system that setup puts on a host. */
export interface SystemFile {
  /** Absolute path on the host. */
  path: string;
  text: string;
  mode: string;
  /** `root`, or the account that nginx and node run under. */
  owner: string;
}

/** Debian packages of a host. Node and pm2 come with each release. */
export const PACKAGES = [
  ...['nginx', 'libnginx-mod-http-js', 'libnginx-mod-http-brotli-filter', 'libnginx-mod-http-brotli-static'],
  ...['logrotate', 'sudo', 'openssh-server', 'ca-certificates', 'tar', 'gzip'],
  // pm2 asks `ps` whom to signal; without it a stop signals nobody and kills all after kill_timeout.
  'procps',
] as const;

/** Units that start at boot. */
export const UNITS = ['dengji-nginx.service', 'dengji.service', 'dengji-watchdog.timer'] as const;

/** Pure: what a host's system is told, from the host's settings. */
export function systemFiles(settings: HostSettings): SystemFile[] {
  const { root, user } = settings;
  const values = valuesOf(settings);
  const one = (path: string, template: string, mode = '0644', owner = 'root'): SystemFile => ({
    path,
    text: fill(readFileSync(new URL(`templates/${template}.template`, import.meta.url), 'utf8'), values),
    mode,
    owner,
  });
  const unit = (name: string) => one(`/etc/systemd/system/${name}`, name);
  return [
    ...['dengji-nginx.service', 'dengji.service', 'dengji-watchdog.service', 'dengji-watchdog.timer'].map(unit),
    one('/etc/tmpfiles.d/dengji.conf', 'tmpfiles.conf'),
    one('/etc/sysctl.d/60-dengji.conf', 'sysctl.conf'),
    one('/etc/sudoers.d/dengji', 'sudoers', '0440'),
    one('/etc/logrotate.d/dengji', 'logrotate.conf'),
    one(`${root}/bootstrap/nginx/nginx.conf`, 'bootstrap-nginx.conf', '0644', user),
    { path: `${root}/settings.json`, text: `${JSON.stringify(settings, null, 2)}\n`, mode: '0600', owner: user },
  ];
}

function valuesOf({ root, runtime, logs, user, address, ports, proxyProtocol }: HostSettings) {
  const host = isIP(address) === 6 ? `[${address}]` : address;
  return {
    ...{ root, runtime, logs, user },
    listenHttp: `${host}:${ports.http}`,
    listenHttps: `${host}:${ports.https}`,
    proxy: proxyProtocol ? ' proxy_protocol' : '',
  };
}
