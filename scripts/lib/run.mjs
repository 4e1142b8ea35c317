/** Runs a command to its end with its output in a log of its own; a failure is one sentence with the log's path. */
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { startChild, tailOf } from './children.mjs';
import { Fault } from './fault.mjs';
import { root } from './paths.mjs';

/**
 * @param {string} what says what failed: "Building the server"
 * @param {string} file
 * @param {string[]} args
 * @param {{ log: string, env?: NodeJS.ProcessEnv }} options
 */
export async function runLogged(what, file, args, { log, env = process.env }) {
  rmSync(log, { force: true });
  const { exited } = startChild(file, args, { log, env, cwd: root });
  const end = await exited;
  if (end.code === 0) return;
  const why = end.error?.message ?? lastWords(log);
  throw new Fault(`${what} failed (${end.signal ?? `exit ${end.code}`})${why ? `: ${why}` : '.'}`, { log: shown(log) });
}

/** Runs npm: the one that started us, or the one on PATH. */
export async function runNpm(what, args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) await runLogged(what, process.execPath, [cli, ...args], options);
  else await runLogged(what, process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/** A path as a person in the checkout would type it. */
export function shown(path) {
  const short = relative(root, path);
  return short.startsWith('..') ? path : short;
}

/** The line that tells most: npm's first, else the last with an error; a JSON log line tells by its message. */
function lastWords(log) {
  const lines = tailOf(log, 500)
    .split('\n')
    .filter((line) => line.trim() && !/^\s+at /.test(line))
    .reverse();
  const npm = lines.findLast((line) => /^npm error (?!code |errno )\S/.test(line));
  if (npm) return npm.slice(0, 300);
  for (const line of lines) {
    if (line.startsWith('{')) {
      const { msg, err } = parse(line);
      if (err?.message || msg) return err?.message ?? msg;
    } else if (/error|failed|missing|cannot|not /i.test(line)) {
      return line.trim().slice(0, 300);
    }
  }
  return lines[0]?.trim().slice(0, 300) ?? '';
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
