import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where a server program of the system is: an ordinary user's PATH often has no sbin. */
export const systemProgram = (name: string): string =>
  ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? name;
