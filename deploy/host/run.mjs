import { spawn } from 'node:child_process';

/**
 * Runs a program to its end. Never rejects for an exit code: the caller knows what it means.
 * @param {string[]} argv
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: string, timeoutMs?: number, log?: (text: string) => void, abort?: AbortSignal }} [how]
 * @returns {Promise<{ code: number, out: string, text: string, timedOut: boolean }>} `text` is stdout and stderr as they came
 */
export function run(argv, { cwd, env, input, timeoutMs = 60_000, log, abort } = {}) {
  return new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), { cwd, env: env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let text = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    abort?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
    const end = (/** @type {number} */ code) => {
      clearTimeout(timer);
      resolve({ code, out, text, timedOut: late });
    };
    child.stdout.setEncoding('utf8').on('data', (part) => {
      out = (out + part).slice(-1_000_000);
      text = (text + part).slice(-20_000);
      log?.(part);
    });
    child.stderr.setEncoding('utf8').on('data', (part) => {
      text = (text + part).slice(-20_000);
      log?.(part);
    });
    child.on('error', (error) => {
      text += String(error.message);
      end(127);
    });
    // "exit", not "close": a daemon that the program left behind may keep its output open for ever.
    child.on('exit', (code, signal) => setImmediate(() => end(code ?? (signal ? 128 : 1))));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}
