import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { failed, usage } from './fault.mjs';
import { freeBytes, list, readJson, remove, syncFolder, writeJson } from './files.mjs';
import { change } from './journal.mjs';
import { renderNginx, testNginx } from './nginx.mjs';
import { readRelease } from './releases.mjs';
import { run } from './run.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */

/** What must stay free beside a release: logs, a second release, the databases of a small host. */
const SPARE_BYTES = 512 * 1024 ** 2;
/** A packed artifact grows about so much. */
const GROWTH = 5;

/**
 * Takes an artifact (.tar.gz) from a stream: unpacked into a folder beside, its checksum made while it passes, renamed when all
 * of it is right. Whatever goes wrong, nothing is left of it.
 * @param {Paths} paths
 * @param {number} fence
 * @param {string} id
 * @param {string} sha256
 * @param {{ input: NodeJS.ReadableStream, bytes: number, settings: import('./paths.mjs').Settings | null }} what `bytes`: size of the artifact when known, else 0
 */
export async function receive(paths, fence, id, sha256, { input, bytes, settings }) {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw usage('--sha256 wants 64 hexadecimal digits');
  const mark = join(paths.release(id), '.artifact.json');
  if (readRelease(paths, id)) {
    const have = readJson(mark)?.sha256;
    if (have !== sha256)
      throw failed('release_differs', `release ${id} is here with another checksum (${have})`, { sha256: have });
    return { already: true };
  }
  const need = bytes * GROWTH + SPARE_BYTES;
  const free = freeBytes(paths.releases);
  if (free < need)
    throw failed('disk_full', `${mb(free)} MB free under ${paths.root}, ${mb(need)} MB needed`, { free, need });

  const incoming = join(paths.releases, `.incoming-${id}`);
  await change(paths, fence, null, () => {
    // What an earlier, interrupted transfer left; we hold the command mutex, so nobody is writing there.
    for (const name of list(paths.releases).filter((one) => one.startsWith('.incoming-')))
      remove(join(paths.releases, name));
    remove(paths.release(id));
    mkdirSync(incoming, { recursive: true });
  });
  try {
    const got = await unpack(input, incoming);
    if (got.sha256 !== sha256)
      throw failed('checksum', `the artifact arrived damaged or is another one (sha256 ${got.sha256})`, got);
    const release = readJson(join(incoming, 'release.json'));
    if (release?.id !== id) throw failed('wrong_release', `the artifact is of release ${release?.id}, not ${id}`);
    writeJson(join(incoming, '.artifact.json'), { sha256, bytes: got.bytes, receivedAt: new Date().toISOString() });
    // The files must be on the disk before their name says so. A disk too busy for that is no reason to fail.
    await run(['sync', '-f', incoming], { timeoutMs: 30_000 });
    await change(paths, fence, null, () => {
      renameSync(incoming, paths.release(id));
      syncFolder(paths.releases);
    });
    const nginx = settings && (await renderNginx(paths, id));
    if (nginx) await testNginx(settings, nginx.folder);
    return { already: false, bytes: got.bytes };
  } catch (error) {
    remove(incoming);
    throw error;
  }
}

const mb = (/** @type {number} */ bytes) => Math.round(bytes / 1024 ** 2);

/** @param {NodeJS.ReadableStream} input @param {string} folder */
async function unpack(input, folder) {
  const tar = spawn('tar', ['-xzf', '-', '--no-same-owner', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  tar.stderr.setEncoding('utf8').on('data', (part) => (said = (said + part).slice(-2_000)));
  const ended = new Promise((resolve) => {
    tar.once('error', (error) => resolve(String(error)));
    tar.once('close', (code, signal) => resolve(code ?? signal));
  });
  // tar may end before its input does; the checksum goes on to the end.
  let open = true;
  tar.stdin.on('error', () => (open = false));
  tar.stdin.on('close', () => (open = false));
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of input) {
    hash.update(part);
    bytes += part.length;
    if (open && !tar.stdin.write(part))
      await new Promise((resolve) => {
        tar.stdin.once('drain', resolve);
        tar.stdin.once('close', resolve);
      });
  }
  tar.stdin.end();
  const code = await ended;
  const sha256 = hash.digest('hex');
  if (code !== 0) {
    const full = /No space left/.test(said);
    throw failed(full ? 'disk_full' : 'unpack', `the artifact could not be unpacked: ${said.trim() || code}`, {
      sha256,
    });
  }
  return { sha256, bytes };
}
