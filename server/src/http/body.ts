import getRawBody from 'raw-body';
import type Koa from 'koa';
import { Problem } from './problem.ts';
import { parseStrictJson } from './strict-json.ts';

/** Largest JSON body in bytes; a form of 200 fields with long texts stays far below. */
export const MAX_JSON_BYTES = 512 * 1024;

/** The parsed JSON body. Refuses other content types (415), compressed bodies (415) and more than MAX_JSON_BYTES (413). */
export const readJson = async (ctx: Koa.Context): Promise<unknown> => parseJson(await readBytes(ctx));

export const parseJson = parseStrictJson;

/** The bytes of a JSON body, refused like `readJson` does, but not parsed. */
export async function readBytes(ctx: Koa.Context): Promise<Buffer> {
  const declared = ctx.get('content-type').toLowerCase();
  const [type, ...rest] = declared.split(';').map((part) => part.trim());
  const charset = rest
    .find((part) => part.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (type !== 'application/json' || (charset && charset !== 'utf-8' && charset !== 'utf8')) {
    throw new Problem('unsupported_media_type', { params: { expected: 'application/json' } });
  }
  if ((ctx.get('content-encoding') || 'identity') !== 'identity') {
    throw new Problem('unsupported_media_type', { params: { expected: 'application/json' } });
  }
  try {
    return await getRawBody(ctx.req, { limit: MAX_JSON_BYTES, length: ctx.req.headers['content-length'] });
  } catch (err) {
    const type = (err as { type?: string }).type;
    if (type === 'entity.too.large') throw new Problem('payload_too_large', { params: { max: MAX_JSON_BYTES } });
    if (type === 'request.size.invalid' || type === 'request.aborted') throw new Problem('bad_request');
    throw err;
  }
}
