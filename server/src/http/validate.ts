import type { Issue } from '../../shared/fields/types.ts';
import { Problem } from './problem.ts';
import { z } from './z.ts';

/** The value as the schema sees it, or invalid_input with every fault at its path (`body.name`, `query.limit`). */
export function validate(schema: z.ZodTypeAny, value: unknown, where: 'body' | 'query' | 'params'): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Problem('invalid_input', {
    issues: result.error.issues.flatMap((issue) => toIssues(issue, where)).slice(0, 100),
  });
}

/** A zod issue in our codes. Rules of fields come as `custom` issues that already carry `{ code, params }`. */
function toIssues(issue: z.ZodIssue, where: string): Issue[] {
  const path = [where, ...issue.path].join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: `${path}.${key}`, code: 'unknown_field' }));
    case 'invalid_type':
      return [
        issue.received === 'undefined'
          ? { path, code: 'required' }
          : { path, code: 'wrong_type', params: { expected: issue.expected } },
      ];
    case 'too_small':
      return [limit(path, issue.type, 'min', Number(issue.minimum))];
    case 'too_big':
      return [limit(path, issue.type, 'max', Number(issue.maximum))];
    case 'invalid_enum_value':
    case 'invalid_literal':
      return [{ path, code: 'unknown_option' }];
    case 'invalid_union':
    case 'invalid_union_discriminator':
      return [{ path, code: 'wrong_type', params: { expected: 'object' } }];
    case 'invalid_string':
      return [{ path, code: issue.validation === 'datetime' ? 'bad_date' : 'pattern_mismatch' }];
    case 'custom': {
      const { code, ...params } = (issue.params ?? {}) as { code?: string } & Record<string, string>;
      return [{ path, code: code ?? 'pattern_mismatch', params }];
    }
    default:
      return [{ path, code: 'wrong_type', params: { expected: 'valid' } }];
  }
}

function limit(path: string, type: string, end: 'min' | 'max', bound: number): Issue {
  if (type === 'string') {
    if (end === 'min' && bound === 1) return { path, code: 'required' };
    return { path, code: end === 'min' ? 'too_short' : 'too_long', params: { [end]: bound } };
  }
  if (type === 'array')
    return { path, code: end === 'min' ? 'too_few_choices' : 'too_many_choices', params: { [end]: bound } };
  return { path, code: end === 'min' ? 'too_small' : 'too_big', params: { [end]: bound } };
}

/** Throws when an object anywhere in the schema would let unknown fields through. Runs once, at start. */
export function assertStrict(schema: z.ZodTypeAny, at: string): void {
  const def = schema._def as {
    typeName: string;
    innerType?: z.ZodTypeAny;
    schema?: z.ZodTypeAny;
    type?: z.ZodTypeAny;
    unknownKeys?: string;
    options?: z.ZodTypeAny[];
    valueType?: z.ZodTypeAny;
  };
  if (schema instanceof z.ZodObject) {
    if (def.unknownKeys !== 'strict')
      throw new Error(`${at}: an object must refuse unknown fields: use obj() instead of z.object()`);
    for (const [key, child] of Object.entries(schema.shape as z.ZodRawShape)) assertStrict(child, `${at}.${key}`);
    return;
  }
  for (const child of [def.innerType, def.schema, def.valueType, ...(def.options instanceof Array ? def.options : [])])
    if (child) assertStrict(child, at);
  if (schema instanceof z.ZodArray) assertStrict(schema.element as z.ZodTypeAny, `${at}[]`);
}
