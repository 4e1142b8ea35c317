import { flaw } from '../kinds/kind.ts';
import { compilePattern } from '../pattern.ts';
import type { Issue } from '../types.ts';

const MAX = 200;

/**
 * What can be said about a pattern without running it: length, syntax, no look-behind (old phones don't know it), no
 * back-reference (no linear-time engine does). Whether it can hang is for the server to find out.
 */
export function vetPattern(pattern: string, path: string): Issue[] {
  if (pattern.length > MAX) return [flaw(path, 'pattern_too_long', { max: MAX })];
  // Escaped characters and classes out of the way, `(?<=` and `\1` are what they look like.
  const bare = pattern.replace(/\\[^1-9k]/gs, '').replace(/\[(?:\\.|[^\]\\])*\]/gs, '');
  if (/\(\?<[=!]/.test(bare)) return [flaw(path, 'pattern_look_behind')];
  if (/\\(?:[1-9]|k<)/.test(bare)) return [flaw(path, 'pattern_back_reference')];
  return pattern !== '' && compilePattern(pattern) ? [] : [flaw(path, 'pattern_invalid')];
}
