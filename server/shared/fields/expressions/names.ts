import type { Condition, Expression } from '../types.ts';

/** Deeper than anything that can be published, and more. */
const DEEPEST = 50;
const MOST = 5_000;

/**
 * The names of fields that a condition or an expression reads, as they are written there (`age`, `members.income`).
 * Takes any JSON and never throws.
 */
export function namesIn(...parts: (Condition | Expression | undefined)[]): Set<string> {
  const names = new Set<string>();
  let budget = MOST;
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > DEEPEST || budget <= 0) return;
    budget -= 1;
    if (Array.isArray(node)) return node.forEach((each) => visit(each, depth));
    const { field, all, any, not, left, right, args, ...rest } = node as Record<string, unknown>;
    if (typeof field === 'string') names.add(field);
    for (const part of [all, any, not, left, right, args, rest['if'], rest['then'], rest['else']])
      visit(part, depth + 1);
  };
  parts.forEach((part) => visit(part, 0));
  return names;
}

/** The key of the field that a name begins with, and that of the field within a group, if it names one. */
export function splitName(name: string): [key: string, inner: string | undefined] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}
