import type { Issue } from '../../shared/fields/types.ts';
import { Problem } from './problem.ts';

/**
 * A query string to a plain record. Every parameter at most once (lists are comma-separated in one parameter), valid
 * percent-encoding, no prototype names. Throws bad_request with the parameter's name.
 */
export function parseQuery(querystring: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  if (!querystring) return query;
  const issues: Issue[] = [];
  for (const part of querystring.split('&')) {
    if (!part) continue;
    const eq = part.indexOf('=');
    const key = decode(eq < 0 ? part : part.slice(0, eq));
    const value = decode(eq < 0 ? '' : part.slice(eq + 1));
    if (key === null || value === null || value.includes('\0'))
      issues.push({ path: `query.${key ?? ''}`, code: 'bad_encoding' });
    else if (key in query) issues.push({ path: `query.${key}`, code: 'duplicate_parameter' });
    else query[key] = value;
  }
  if (issues.length) throw new Problem('bad_request', { issues });
  return query;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
