import type * as p from './parse.ts';

export type Environment = 'development' | 'test' | 'production';

/** One row of the table that docs/configuration.md is made of. */
export interface Variable<T> {
  name: string;
  doc: string;
  type: string;
  parse: p.Parser<T>;
  /** The text used when the variable is absent or empty. An environment without one demands the variable. */
  fallback: Partial<Record<Environment, string>>;
  /** Never printed, no default in production. */
  secret: boolean;
}

/** A setting that may be seen. */
export function row<T>(
  name: string,
  type: string,
  parse: p.Parser<T>,
  doc: string,
  fallback: string | Variable<T>['fallback'],
): Variable<T> {
  const everywhere = (value: string) => ({ development: value, test: value, production: value });
  return {
    name,
    doc,
    type,
    parse,
    fallback: typeof fallback === 'string' ? everywhere(fallback) : fallback,
    secret: false,
  };
}

/** Outside production a stand-in makes a bare checkout run; it is public, so nothing real may be sealed under it. */
export function secretRow<T>(
  name: string,
  type: string,
  parse: p.Parser<T>,
  doc: string,
  standIn: string | null,
): Variable<T> {
  const fallback = standIn === null ? {} : { development: standIn, test: standIn };
  return { name, doc, type, parse, fallback, secret: true };
}
