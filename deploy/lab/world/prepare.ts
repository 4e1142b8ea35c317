import { join } from 'node:path';
import { runLogged } from '../../../scripts/lib/run.mjs';
import { cloneAdministrators } from './accounts.ts';

/** Brings the database to this checkout's state and fills it: the demonstration, and accounts for a load. @returns their names */
export async function prepare(options: {
  env: Record<string, string>;
  folder: string;
  /** A checkout that is built. */
  built: string;
  accounts: number;
  mongoUrl: string;
}): Promise<string[]> {
  const { env, folder, built, accounts, mongoUrl } = options;
  for (const role of ['migrate', 'seed']) {
    await runLogged(`The step "${role}"`, process.execPath, [join(built, 'server/dist/src/main.js')], {
      log: join(folder, 'log', `${role}.log`),
      env: { ...process.env, ...env, ROLE: role },
    });
  }
  return cloneAdministrators(mongoUrl, accounts);
}
