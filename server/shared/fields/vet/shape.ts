import { flaw, isRecord } from '../kinds/kind.ts';
import { hasBadCharacters } from '../strings.ts';
import type { Issue } from '../types.ts';

/** Small judges of raw JSON. Each tells its findings by `report`, so that everything wrong is found at once. */

export type Report = (issue: Issue) => void;

export const join = (path: string, part: string | number): string => (path === '' ? String(part) : `${path}.${part}`);

/** An object with no other than these properties; undefined (and a report) when it is no object. */
export function objectAt(
  value: unknown,
  path: string,
  allowed: readonly string[],
  report: Report,
): Record<string, unknown> | undefined {
  if (!isRecord(value)) {
    report(flaw(path, 'shape', { expected: 'object' }));
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (!allowed.includes(name))
      report(flaw(join(path, name.slice(0, 60)), 'unknown_property', { name: name.slice(0, 60) }));
  }
  return value;
}

/** A list; an empty one (and a report) when it is none. */
export function listAt(value: unknown, path: string, report: Report): unknown[] {
  if (Array.isArray(value)) return value;
  report(flaw(path, 'shape', { expected: 'list' }));
  return [];
}

/** A `Text`: Chinese always, English perhaps, both within a length. An absent optional one is fine. */
export function textAt(value: unknown, path: string, max: number, report: Report, optional = false): void {
  if (value === undefined && optional) return;
  if (value === undefined) return report(flaw(path, 'text_missing'));
  const text = objectAt(value, path, ['zh-CN', 'en'], report);
  if (!text) return;
  for (const language of ['zh-CN', 'en']) {
    const words = text[language];
    const place = join(path, language);
    if (words === undefined || words === '') {
      if (language === 'zh-CN') report(flaw(place, 'text_missing'));
    } else if (typeof words !== 'string' || hasBadCharacters(words)) report(flaw(place, 'shape', { expected: 'text' }));
    else if (words.length > max) report(flaw(place, 'text_too_long', { max }));
    else if (language === 'zh-CN' && words.trim() === '') report(flaw(place, 'text_missing'));
  }
}

/** A property of one of these types, if it is there. */
export function typeAt(value: unknown, path: string, types: readonly string[], report: Report): void {
  if (value !== undefined && !types.includes(typeof value))
    report(flaw(path, 'shape', { expected: types.join(' / ') }));
}

const KEY = /^[a-z][a-zA-Z0-9]{0,39}$/;
/** Names that every object has, and the two that reach a prototype. */
const RESERVED = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** The key of a field or step; undefined (and a report) when it can't be one. */
export function keyAt(value: unknown, path: string, report: Report): string | undefined {
  if (typeof value !== 'string') report(flaw(path, 'shape', { expected: 'text' }));
  else if (RESERVED.has(value)) report(flaw(path, 'reserved_key'));
  else if (!KEY.test(value)) report(flaw(path, 'bad_key'));
  else return value;
  return undefined;
}
