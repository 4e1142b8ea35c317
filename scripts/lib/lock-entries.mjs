/**
 * npm writes only those optional packages into the lock file that its registry offered, and `npm ci` refuses a lock
 * without the others: a lock made on one machine must still install on every other one.
 */

/**
 * The entries that the lock file lacks: packages for other systems, named by `optionalDependencies`.
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string>, dev?: boolean }> }} lock
 * @returns {Record<string, object>} path → entry
 */
export function missingEntries({ packages }) {
  const missing = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${path}/node_modules/${name}`;
      const top = `node_modules/${name}`;
      if (packages[nested] || packages[top] || !/^\d/.test(version)) continue;
      missing[top] = { version, ...systemOf(name), ...(entry.dev ? { dev: true } : {}), optional: true };
    }
  }
  return missing;
}

/** What system a package is for, by the usual end of its name: `binding-linux-x64-musl`. */
function systemOf(name) {
  const [os, cpu, libc] = name
    .replace(/^.*\//, '')
    .replace(/^binding-/, '')
    .split('-');
  const system = { cpu: [cpu], os: [os] };
  if (libc === 'musl') return { ...system, libc: ['musl'] };
  return libc === 'gnu' ? { ...system, libc: ['glibc'] } : system;
}
