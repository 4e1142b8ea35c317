/** From a host's settings.json to the values of the templates. Everything that reaches nginx is judged here. */
import { isIP } from 'node:net';

/** @typedef {import('./settings.mjs').HostSettings} HostSettings */

const word = /^[\w.-]+$/;
const path = /^\/[\w./@+-]+$/;

/**
 * @param {HostSettings} settings
 * @throws {Error} naming every field that is wrong
 */
export function judge(settings) {
  /** @type {string[]} */
  const faults = [];
  const must = (/** @type {boolean} */ good, /** @type {string} */ what) => void (good || faults.push(what));
  const text = (/** @type {unknown} */ value, /** @type {RegExp} */ form) =>
    typeof value === 'string' && value.length < 300 && form.test(value);
  for (const name of /** @type {const} */ (['root', 'runtime', 'logs']))
    must(text(settings[name], path), `${name} is no absolute path of plain characters`);
  must(text(settings.host, word), 'host is no plain name');
  must(text(settings.user, word), 'user is no account name');
  must(isIP(settings.address) > 0, 'address is no IP address');
  must(isIP(settings.loopback) > 0, 'loopback is no IP address');
  for (const name of /** @type {const} */ (['http', 'https', 'status', 'api', 'canaryApi'])) {
    const port = settings.ports?.[name];
    must(Number.isInteger(port) && port > 0 && port < 65_536, `ports.${name} is no port`);
  }
  must(text(settings.serverName, /^[\w.*-]+( [\w.*-]+)*$/), 'serverName is no host name');
  must(text(settings.publicOrigin, /^https?:\/\/[\w.-]+(:\d+)?$/), 'publicOrigin is no origin');
  must(['slb', 'nginx'].includes(settings.tls?.at), 'tls.at is neither slb nor nginx');
  if (settings.tls?.at === 'nginx')
    must(text(settings.tls.certificate, path) && text(settings.tls.key, path), 'tls names no certificate and key');
  const network = /^[\da-fA-F.:]+(\/\d+)?$/;
  must(Array.isArray(settings.slb?.addresses), 'slb.addresses is no list');
  for (const one of settings.slb?.addresses ?? [])
    must(text(one, network) && isIP(one.split('/')[0] ?? '') > 0, 'slb.addresses holds no address');
  must(Array.isArray(settings.peers), 'peers is no list');
  for (const peer of settings.peers ?? []) must(isIP(peer.address) > 0, 'peers holds no address');
  must(text(settings.canary?.key, /^[\w+/=.-]{16,}$/), 'canary.key is no key of 16 plain characters or more');
  must(text(settings.errorLogLevel ?? 'error', /^(debug|info|notice|warn|error|crit)$/), 'errorLogLevel is unknown');
  for (const [name, value] of Object.entries(settings.limits ?? {}))
    must(Number.isInteger(value) && Number(value) > 0, `limits.${name} is no count`);
  if (faults.length) throw new Error(`settings.json: ${faults.join('; ')}`);
}

/** An address as it stands before a port. @param {string} address */
const bracketed = (address) => (isIP(address) === 6 ? `[${address}]` : address);

/** Names an upstream after an address. @param {string} address */
export const upstreamOf = (address) => `canary_${address.replace(/[^\da-fA-F]/g, '_')}`;

/**
 * @param {HostSettings} settings
 * @param {{ asRoot: boolean, brotli: boolean }} machine what this machine has: nginx is started by root; brotli modules
 * @returns {Record<string, string | number | boolean>}
 */
export function valuesOf(settings, { asRoot, brotli }) {
  const { ports, address, loopback, tls, peers, limits = {} } = settings;
  const at = (/** @type {string} */ host, /** @type {number} */ port) => `${bracketed(host)}:${port}`;
  const https = settings.publicOrigin.startsWith('https:');
  const nodes = [{ address }, ...peers];
  const own = peers.length ? address : loopback;
  const servers = (/** @type {string[]} */ lines) => lines.map((line) => `  server ${line};`).join('\n');
  // Another host that does not answer is left alone for a moment; our own API never is: there is nothing better.
  const away = peers.map((peer) => `${at(peer.address, ports.api)} max_fails=2 fail_timeout=5s`);
  const backups = (/** @type {string[]} */ lines) => lines.map((line) => `${line} backup`);
  const api = `${at(own, ports.api)} max_fails=0`;
  const canaries = nodes.map((node) => {
    const host = node.address === address ? own : node.address;
    const name = upstreamOf(node.address);
    const first = `${at(host, ports.canaryApi)} max_fails=2 fail_timeout=5s`;
    const group = (/** @type {string} */ title, /** @type {string[]} */ rest) =>
      `upstream ${title} {\n${servers([first, ...backups(rest)])}\n  include keepalive.conf;\n}`;
    return `${group(name, [api, ...away])}\n${group(`${name}_draining`, peers.length ? away : [api])}`;
  });
  const mapOf = (
    /** @type {string} */ name,
    /** @type {string} */ main,
    /** @type {(address: string) => string} */ to,
  ) =>
    `map $canary_host $${name} {\n  default ${main};\n${nodes.map((node) => `  "${node.address}" ${to(node.address)};`).join('\n')}\n}`;
  return {
    ...{ asRoot, brotli, https, http: !https },
    ...{ root: settings.root, runtime: settings.runtime, logs: settings.logs, user: settings.user },
    host: settings.host,
    errorLogLevel: settings.errorLogLevel ?? 'error',
    serverName: settings.serverName,
    anyName: settings.serverName === '_',
    publicOrigin: settings.publicOrigin,
    listenHttp: at(address, ports.http),
    listenHttps: at(address, ports.https),
    apart: loopback !== address,
    loopbackHttp: at(loopback, ports.http),
    loopbackHttps: at(loopback, ports.https),
    listenStatus: at(loopback, ports.status),
    tlsHere: tls.at === 'nginx',
    ssl: tls.at === 'nginx' ? ' ssl http2' : '',
    certificate: tls.certificate ?? '',
    certificateKey: tls.key ?? '',
    proxy: settings.proxyProtocol ? ' proxy_protocol' : '',
    proto: https ? 'https' : 'http',
    realIpHeader: settings.proxyProtocol ? 'proxy_protocol' : settings.slb.forwardedFor ? 'X-Forwarded-For' : '',
    trusted: settings.slb.addresses.map((one) => `  set_real_ip_from ${one};`).join('\n'),
    slbNetworks: settings.slb.addresses.map((one) => `    ${one} 1;`).join('\n'),
    upstreamApi: servers([api, ...backups(away)]),
    upstreamOwn: servers([api]),
    upstreamPeers: servers(peers.length ? [...away, ...backups([api])] : [api]),
    upstreamCanaries: canaries.join('\n'),
    mapCanaries: [
      mapOf('side', 'main', () => 'canary'),
      mapOf('backend', 'api', upstreamOf),
      mapOf('backend_draining', 'peers', (address) => `${upstreamOf(address)}_draining`),
    ].join('\n'),
    canaryKey: settings.canary.key,
    requestsPerSecond: limits.requestsPerSecond ?? 2000,
    burst: (limits.requestsPerSecond ?? 2000) * 2,
    connections: limits.connections ?? 2000,
    uploadMb: limits.uploadMb ?? 1040,
  };
}
