/** Runs mongodump or mongorestore with a stream at its input or output. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellGuard } from '../children.mjs';
import { Fault } from '../fault.mjs';
import { processStamp } from '../processes.mjs';

/** What a tool says when the stream broke or it was stopped: then something else is the reason. */
const NO_REASON = /broken pipe|EPIPE|signal|context canceled|unexpected EOF/i;

/**
 * Runs a tool to its end while `stream` writes to its input or reads its output. When one of both fails the other is
 * ended, and the one that failed by itself tells why.
 * @param {string} file
 * @param {string[]} args
 * @param {string} url of the database; it never stands in the command line, which everybody on the machine can read
 * @param {(child: import('node:child_process').ChildProcess) => Promise<T>} stream
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 * @throws Fault with the tool's last words
 * @template T
 */
export async function runTool(file, args, url, stream, signal) {
  signal?.throwIfAborted();
  const secret = mkdtempSync(join(tmpdir(), 'dengji-backup-'));
  tellGuard({ removeDir: secret });
  try {
    const config = join(secret, 'config');
    // A JSON text is a YAML text.
    writeFileSync(config, `uri: ${JSON.stringify(url)}\n`, { mode: 0o600 });
    return await runConfigured(file, [`--config=${config}`, ...args], stream, signal);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
}

async function runConfigured(file, args, stream, signal) {
  const child = spawn(file, args, { stdio: 'pipe', detached: true });
  if (child.pid) tellGuard({ watch: child.pid, stamp: processStamp(child.pid) });
  // A tool that ends early closes its streams; its exit code says so.
  for (const one of child.stdio) one.on('error', () => {});
  const words = lastLines(child.stderr);
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ why: error.message }));
    child.once('close', (code, name) => resolve(code === 0 ? {} : { why: words() || `it ended with ${name ?? code}` }));
  });
  const streamed = stream(child).then(
    (value) => ({ value }),
    (error) => {
      stop();
      return { error };
    },
  );
  const [exit, result] = await Promise.all([exited, streamed]);
  signal?.removeEventListener('abort', stop);
  if (child.pid) tellGuard({ forget: child.pid });
  if (signal?.aborted) throw signal.reason;
  if (exit.why && (!result.error || !NO_REASON.test(exit.why)))
    throw new Fault(`${file.split('/').at(-1)}: ${exit.why}`);
  if (result.error) throw result.error;
  return result.value;
}

/** The line that tells why, out of the last ones. */
function lastLines(stream) {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => (text = (text + chunk).slice(-20_000)));
  return () => {
    // Each line begins with a time and a tab.
    const lines = text
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+\t/, '').trim());
    return lines.findLast((line) => /^(Failed|error)/i.test(line)) ?? lines.at(-1) ?? '';
  };
}
