/**
 * mongodump and mongorestore: in the folder MONGO_TOOLS, on PATH, or in `.data/bin`, where they are built once from
 * source when that is allowed. The source comes through Go's own client from wherever the machine is set to; what
 * arrives is checked against the hashes in mongo-tools/go.sum and refused if it differs.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, cpSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Fault } from '../fault.mjs';
import { withLock } from '../lock-file.mjs';
import { binDir } from '../paths.mjs';

const run = promisify(execFile);
const VERSION = '100.7.4';
const MODULE = 'github.com/mongodb/mongo-tools';
const source = fileURLToPath(new URL('mongo-tools', import.meta.url));

/**
 * Path of a tool that runs here.
 * @param {'mongodump' | 'mongorestore'} name
 * @param {{ build?: boolean, say?: (text: string) => void }} [options] build: it may be built (needs Go and about a
 *   minute); say: told what takes long
 * @returns {Promise<string>}
 * @throws Fault that says how to get it
 */
export async function findTool(name, { build = false, say = () => {} } = {}) {
  const { MONGO_TOOLS, PATH = '' } = process.env;
  if (MONGO_TOOLS) {
    const given = join(MONGO_TOOLS, name);
    if (isProgram(given)) return given;
    throw new Fault(`There is no ${name} in ${MONGO_TOOLS}, the folder that MONGO_TOOLS names.`);
  }
  const own = join(binDir, `${name}-${VERSION}`);
  const found = [
    ...PATH.split(delimiter)
      .filter(Boolean)
      .map((folder) => join(folder, name)),
    own,
  ].find(isProgram);
  if (found) return found;
  if (!build)
    throw new Fault(
      `${name} is missing: install the MongoDB Database Tools 100 (package mongodb-database-tools), name their folder in ` +
        'MONGO_TOOLS, or give --build-tools to build them once from source (needs Go: "apt-get install golang-go").',
    );
  await mkdir(binDir, { recursive: true });
  await withLock(
    join(binDir, 'mongo-tools.lock'),
    async () => {
      if (!isProgram(own)) await buildTool(name, own, say);
    },
    () => say('waiting for another run that builds the MongoDB tools'),
  );
  return own;
}

/** The program appears whole or not at all. */
async function buildTool(name, target, say) {
  say(`building ${name} ${VERSION} once into .data/bin`);
  const scratch = await mkdtemp(join(binDir, '.build-'));
  try {
    cpSync(source, scratch, { recursive: true });
    const flags = ['-mod=readonly', '-trimpath', '-ldflags', `-s -w -X main.VersionStr=${VERSION}`, '-o', 'program'];
    await run('go', ['build', ...flags, `${MODULE}/${name}/main`], {
      cwd: scratch,
      timeout: 900_000,
      maxBuffer: 16 << 20,
      // No C compiler, no other Go and no workspace of the caller's take part.
      env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '-buildvcs=false' },
    });
    await rename(join(scratch, 'program'), target);
  } catch (error) {
    if (error.code === 'ENOENT')
      throw new Fault(`${name} is built with Go, which is missing: "apt-get install golang-go", "brew install go".`, {
        cause: error,
      });
    const why = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1);
    throw new Fault(`${name} could not be built: ${why}`, { cause: error });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
