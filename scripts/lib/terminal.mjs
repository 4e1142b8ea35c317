/** What a person sees: steps with elapsed time, notes, faults. One moving line on a terminal, plain lines elsewhere. */
import { Fault } from './fault.mjs';

const tty = Boolean(process.stdout.isTTY);
const colour = tty && !process.env.NO_COLOR;
const paint = (code) => (text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = paint('1');
export const dim = paint('2');
export const green = paint('32');
export const red = paint('31');
export const yellow = paint('33');

/** Steps that run now: label → { since, detail, told } */
const active = new Map();
let timer;

/** Prints a line above the moving one. */
export function say(text = '') {
  clear();
  process.stdout.write(`${text}\n`);
  draw();
}

/**
 * Runs one step and says how long it took. A step over a second shows that it goes on.
 * @template T
 * @param {string} label
 * @param {(detail: (text: string) => void) => Promise<T> | T} work gets a function that says what it is at
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const entry = { since: Date.now(), detail: '', told: 0 };
  active.set(label, entry);
  timer ??= setInterval(tick, tty ? 120 : 500);
  timer.unref();
  try {
    const result = await work((text) => {
      entry.detail = text;
      if (!tty) say(`  … ${label}: ${text}`);
    });
    finish(label, green('✓'), entry);
    return result;
  } catch (error) {
    finish(label, red('✗'), entry);
    throw error;
  }
}

/** Prints a fault as one sentence and the log that holds more; anything else with its stack: that is a bug. */
export function showFault(error) {
  clear();
  active.clear();
  if (!(error instanceof Fault)) {
    process.stderr.write(`${red('✗')} ${error?.stack ?? error}\n`);
    return;
  }
  process.stderr.write(`${red('✗')} ${error.message}\n`);
  if (error.log) process.stderr.write(`  Details: ${error.log}\n`);
}

/** `3.2 s`, `1 m 05 s` */
export function elapsed(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} m ${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} s`;
}

function finish(label, mark, entry) {
  active.delete(label);
  say(`${mark} ${label} ${dim(elapsed(Date.now() - entry.since))}`);
  if (active.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

function tick() {
  if (tty) {
    clear();
    draw();
    return;
  }
  // Without a terminal: a line after a second, then every ten, after a minute every minute, so that a log's end holds what matters.
  for (const [label, entry] of active) {
    const seconds = Math.floor((Date.now() - entry.since) / 1000);
    const pause = entry.told === 0 ? 1 : entry.told < 60 ? 10 : 60;
    if (seconds < entry.told + pause) continue;
    entry.told = seconds;
    process.stdout.write(`  … ${label} ${seconds} s\n`);
  }
}

function clear() {
  if (tty && active.size > 0) process.stdout.write('\r\x1b[2K');
}

function draw() {
  if (!tty || active.size === 0) return;
  const parts = [...active].map(
    ([label, entry]) => `${label}${entry.detail ? ` (${entry.detail})` : ''} ${dim(elapsed(Date.now() - entry.since))}`,
  );
  const line = `${yellow('…')} ${parts.join(' · ')}`;
  const width = process.stdout.columns || 80;
  process.stdout.write(line.length > width + 20 ? `${line.slice(0, width + 8)}\x1b[0m` : line);
}
