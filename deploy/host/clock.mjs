import { readText } from './files.mjs';

/**
 * Milliseconds on the clock that all processes of this host share since its boot. Leases are measured with it: an NTP step or an
 * operator who corrects the date neither ends a lease nor makes it endless.
 */
export const uptimeMs = () => Number(process.hrtime.bigint() / 1_000_000n);

/** Names this boot; a lease of another boot is over. */
export const bootId = () => (readText('/proc/sys/kernel/random/boot_id') ?? '').trim();
