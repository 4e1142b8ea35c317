/** Types of build.mjs for the lab. */
export function ensureBuilt(): Promise<{ server: string; web: string }>;
export function fingerprintOf(folder: string, sources: string[]): string;
