import type { Operation } from './operations.ts';

const PREFIXES = ['/api/citizen/', '/api/public/', '/api/staff/', '/api/business/', '/api/system/', '/api/callbacks/'];

const whoOf = ({ audience, permission, signed }: Operation) =>
  permission ? `${audience} · \`${permission}\`` : signed ? `signed · \`${signed}\`` : audience;

const rowOf = (operation: Operation) =>
  `| ${operation.method} | \`${operation.path}\` | ${whoOf(operation)} | ${operation.idempotency ?? ''} | ${operation.summary} | \`${operation.operationId}\` |`;

/** docs/api.md: every operation of the OpenAPI document in one line, by the first part of its path. */
export function apiDocs(operations: readonly Operation[]): string {
  const tables = PREFIXES.flatMap((prefix) => [
    `## \`${prefix}\``,
    '',
    '| method | path | audience · permission | Idempotency-Key | what it does | operationId |',
    '| --- | --- | --- | --- | --- | --- |',
    ...operations
      .filter(({ path }) => path.startsWith(prefix))
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
      .map(rowOf),
    '',
  ]);
  return [
    '# Operations of the API',
    '',
    'Every operation in one line. Made from `server/openapi.json`; `server/test/suites/docs.test.ts` keeps this file equal to it',
    '(`npx vitest run --project server server/test/suites/docs.test.ts -u` writes it). The document itself, with all shapes and error codes, is at',
    '`/api/docs` of a running server.',
    '',
    '- **Audience**: `public` = anybody, `citizen` / `staff` = a session of that kind, `business` / `system` = a staff session and the named permission,',
    '  `signed` = another system, by `X-Timestamp` and `X-Signature` (HMAC-SHA-256 over `timestamp.body` under the shared secret, in hex).',
    '- **Idempotency-Key**: `required` = a call without one is refused; `optional` = used when sent, and the write is then a transaction;',
    '  `handler` = required, and the upload itself is made once per key. Empty = the header is ignored.',
    '- Every write (not GET, not signed) also needs `X-Requested-With: dengji`; errors are `application/problem+json`.',
    '- Lists answer `{ items, nextCursor }`; pass `nextCursor` as `cursor` to go on, `limit` is at most 200. Most answer `total` only when asked by `count=true`.',
    '',
    ...tables,
    '## Beside the contract',
    '',
    '| method | path | who | what it does |',
    '| --- | --- | --- | --- |',
    '| GET | `/health/live`, `/health/ready` | anybody | the process runs; it has booted and is not draining |',
    '| GET | `/api/openapi.json`, `/api/docs`, `/api/docs/problems` | staff, or anybody with `DOCS_PUBLIC=true` | the OpenAPI document, Swagger UI, the list of error codes |',
    '| GET | `/metrics`, `/health/dependencies`, `/health/in-flight` | internal port only | Prometheus metrics; MongoDB and Redis; what a drain waits for |',
    '',
  ].join('\n');
}
