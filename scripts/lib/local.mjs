/** The local installation that start and dev share: its databases, its settings, its one-shot steps. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useDatabases } from './databases.mjs';
import { Fault } from './fault.mjs';
import { dataDir, logDir, root } from './paths.mjs';
import { busySentence, isFree, pickPort } from './ports.mjs';
import { runLogged } from './run.mjs';
import { localBackupKey, localSecrets } from './secrets.mjs';
import { step } from './terminal.mjs';

export const firstLoginFile = join(dataDir, 'first-admin.json');
export const outbox = join(dataDir, 'sms-outbox.ndjson');

/** Port and host from options and environment. @throws Fault when the port is none */
export function readAddress(values) {
  const text = values.port ?? process.env.PORT ?? '3000';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_534)
    throw new Fault(`A port is a number from 1 to 65534, not "${text}".`);
  const host = values.host ?? process.env.HOST ?? '127.0.0.1';
  const everywhere = host === '127.0.0.1' || host === '0.0.0.0';
  return {
    port,
    host,
    url: `http://${everywhere ? 'localhost' : host}:${port}`,
    local: everywhere ? '127.0.0.1' : host,
  };
}

/** @throws Fault that names the holder of a busy port */
export async function checkPort({ port, host }) {
  const loopback = host === '127.0.0.1' ? undefined : '127.0.0.1';
  if ((await isFree(port, host)) && (await isFree(port, loopback))) return;
  throw new Fault(busySentence(port, 'stop it, or choose another port with "npm start -- --port 3100".'));
}

/** @returns {ReturnType<typeof useDatabases>} */
export function startLocalDatabases() {
  return step('Starting MongoDB and Redis', async (say) =>
    useDatabases({
      mongo: { dataDir: join(dataDir, 'mongo'), log: join(logDir, 'mongod.log'), port: await pickPort(27117), say },
      redis: { dataDir: join(dataDir, 'redis'), log: join(logDir, 'redis.log'), port: await pickPort(26379), say },
    }),
  );
}

/** The server's settings for a local run. Keys of the caller's environment win, for databases that were filled under them. */
export async function localEnvironment(databases, { port, host }) {
  const { DATA_KEYS, INDEX_KEY } = process.env;
  const keys = DATA_KEYS && INDEX_KEY ? { DATA_KEYS, INDEX_KEY } : localSecrets(join(dataDir, 'secrets.json'));
  return {
    LOG_LEVEL: 'info',
    ...(process.env.MONGO_URL ? {} : localBackups()),
    ...process.env,
    ...keys,
    NODE_ENV: 'development',
    HOST: host,
    PORT: String(port),
    INTERNAL_PORT: process.env.INTERNAL_PORT ?? String(await pickPort(port + 1)),
    MONGO_URL: databases.mongoUrl,
    REDIS_URL: databases.redisUrl,
    SMS_DRIVER: 'outbox',
    SMS_OUTBOX: outbox,
    WEB_ROOT: join(root, 'web/dist'),
    FIRST_LOGIN_FILE: firstLoginFile,
    DEMO: '1',
  };
}

/**
 * Our own database is backed up beside it, so that the jobs of backups can be tried. Databases of the caller's are not: a
 * backup takes in all of a replica set, whatever else is there.
 */
const localBackups = () => ({
  BACKUP_DIR: join(dataDir, 'backups'),
  BACKUP_KEY: localBackupKey(join(dataDir, 'backup-key')),
  BACKUP_BUILD_TOOLS: '1',
});

/**
 * Brings the database up to date and seeds it. Our own database remembers which build did so last, in its own folder:
 * the same build has nothing more to do, and a start takes half the time.
 * @param {string[]} command runs the server's main file
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [build] fingerprint of the build; always done without one
 */
export async function prepareDatabase([file, ...args], env, build) {
  const marker = join(dataDir, 'mongo/prepared');
  const own = build !== undefined && !process.env.MONGO_URL;
  if (own && existsSync(marker) && readFileSync(marker, 'utf8') === build) return;
  await step('Preparing the database', async () => {
    for (const role of ['migrate', 'seed']) {
      const log = join(logDir, `${role}.log`);
      await runLogged(`The step "${role}"`, file, args, { log, env: { ...env, ROLE: role } });
    }
  });
  if (own) writeFileSync(marker, build);
}
