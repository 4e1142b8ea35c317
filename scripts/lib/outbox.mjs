/** Follows the outbox of the development SMS driver, so that a login code shows up in the terminal. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/**
 * Calls `onMessage` with each JSON line added to `path` from now on. Returns a function that stops.
 * @param {string} path
 * @param {(message: Record<string, unknown>) => void} onMessage
 */
export function followOutbox(path, onMessage, everyMs = 250) {
  let position = sizeOf(path);
  let rest = '';
  const timer = setInterval(() => {
    const size = sizeOf(path);
    if (size < position) {
      position = 0;
      rest = '';
    }
    if (size === position) return;
    const chunk = readPart(path, position, size - position);
    position = size;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) report(line, onMessage);
  }, everyMs);
  return () => clearInterval(timer);
}

function report(line, onMessage) {
  try {
    onMessage(JSON.parse(line));
  } catch {
    // A line that is no JSON is nobody's message.
  }
}

function sizeOf(path) {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

function readPart(path, position, length) {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, length, position));
  } finally {
    closeSync(file);
  }
}
