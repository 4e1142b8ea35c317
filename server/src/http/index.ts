/** What a feature needs to declare its routes. */
export { routeConfig, body, responses } from 'koa-swagger-decorator';
export { z, obj, Id, Moment, Day, TextSchema, line, Flag, paging, page } from './z.ts';
export { access, type Access, type Req } from './access.ts';
export type { AnonymousCaller, Caller, CitizenCaller, Grant, Realm, StaffCaller } from './caller.ts';
export { Problem } from './problem.ts';
export { Download, XLSX, ZIP } from './download.ts';
export { EventStream } from './event-stream.ts';
export { Tagged } from './tagged.ts';
export { createCookies, type Cookies } from './cookies.ts';
export { decodeCursor, decodeIdCursor, encodeCursor } from './cursor.ts';
export { readMultipart, type Upload } from './multipart.ts';
export { validate } from './validate.ts';
export { keyset } from './keyset.ts';
export { sorted, type Paging } from './sorted.ts';
