import type { Issue } from '../../shared/fields/types.ts';
import { Problem } from './problem.ts';

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 20;
const MAX_KEYS = 5_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

const fault = (path: string, code: string, params?: Issue['params']): never => {
  throw new Problem('bad_request', { issues: [{ path, code, ...(params ? { params } : {}) }] });
};

/**
 * Bytes of a request body to a JSON value. Refuses, naming the place: broken UTF-8, broken JSON, duplicate keys, prototype
 * keys, operators (`$…`) and dotted keys, more than 20 levels, more than 5,000 keys.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return fault('', 'bad_encoding');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault('', 'bad_json');
  }
  inspect(text);
  return value;
}

interface Frame {
  keys: Set<string> | null;
  at: string;
  index: number;
}

/** One pass over text that is known to be valid JSON; JSON.parse alone would let the last of two equal keys win. */
function inspect(text: string): void {
  const stack: Frame[] = [];
  let keys = 0;
  let expectKey = false;
  const place = (last?: string) =>
    [
      ...stack.map((f) => (f.keys ? f.at : String(f.index))).slice(0, last === undefined ? undefined : -1),
      ...(last === undefined ? [] : [last]),
    ].join('.');
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const top = stack[stack.length - 1];
    if (c === 0x22) {
      let end = i + 1;
      while (text.charCodeAt(end) !== 0x22) end += text.charCodeAt(end) === 0x5c ? 2 : 1;
      if (expectKey && top?.keys) {
        const key = JSON.parse(text.slice(i, end + 1)) as string;
        if (FORBIDDEN.has(key) || key.startsWith('$') || key.includes('.') || key.includes('\0'))
          fault(place(key), 'forbidden_key');
        if (top.keys.has(key)) fault(place(key), 'duplicate_parameter');
        if (++keys > MAX_KEYS) fault(place(key), 'too_many_items', { max: MAX_KEYS });
        top.keys.add(key);
        top.at = key;
        expectKey = false;
      }
      i = end;
    } else if (c === 0x7b || c === 0x5b) {
      if (stack.length >= MAX_DEPTH) fault(place(), 'too_deep', { max: MAX_DEPTH });
      stack.push({ keys: c === 0x7b ? new Set() : null, at: '', index: 0 });
      expectKey = c === 0x7b;
    } else if (c === 0x7d || c === 0x5d) {
      stack.pop();
      expectKey = false;
    } else if (c === 0x2c && top) {
      if (top.keys) expectKey = true;
      else top.index++;
    }
  }
}
