/**
 * The one door to zod. It must be koa-swagger-decorator's own copy: another instance has no `.openapi()` and its errors
 * are not `instanceof` ours.
 */
export { z } from 'koa-swagger-decorator';
import { z } from 'koa-swagger-decorator';

/** An object that refuses unknown fields. Bodies, queries and answers use it at every level; `mount` checks. */
export const obj = <S extends z.ZodRawShape>(shape: S) => z.object(shape).strict();

/** A MongoDB id as it appears in paths and answers. */
export const Id = z
  .string()
  .regex(/^[0-9a-f]{24}$/)
  .openapi({ example: '65f0c0ffee0ddba11ca7b0a7' });

/** A moment: ISO 8601, UTC. */
export const Moment = z.string().datetime().openapi({ example: '2026-11-21T06:30:00.000Z' });

/** A calendar day, `YYYY-MM-DD`, in Asia/Shanghai. */
export const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .openapi({ example: '2026-11-21' });

/** A text in the product's languages; Chinese is always there. */
export const TextSchema = obj({ 'zh-CN': z.string().max(2000), en: z.string().max(2000).optional() });

/** A short line typed by a person: no control characters. */
export const line = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    // eslint-disable-next-line no-control-regex -- control characters are just what is refused
    .regex(/^[^\u0000-\u001f\u007f\u2028\u2029]*$/);

const truth = z.enum(['true', 'false']).transform((v) => v === 'true');

/** `true` or `false` in a query string. */
export const Flag = truth.openapi({ type: 'boolean' });

/** Paging of every list: `cursor` is opaque, `limit` ≤ 200. */
export const paging = {
  cursor: z
    .string()
    .max(400)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional()
    .openapi({ description: 'nextCursor of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

/** One page of a list. `total` is there only when `count=true` was asked for; `capped` means "or more". */
export const page = <T extends z.ZodTypeAny>(item: T) =>
  obj({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: obj({ count: z.number().int(), capped: z.boolean() }).optional(),
  });
