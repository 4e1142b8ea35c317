import { OpenAPIRegistry, OpenApiGeneratorV3, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { PROBLEMS, type ProblemCode } from '../../shared/codes.ts';
import type { Route } from './mount.ts';
import { obj, z } from './z.ts';

/** Of the contract, not of the build: raised when an old client could not go on. */
const API_VERSION = '1.0.0';

const ProblemSchema = obj({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  requestId: z.string(),
  params: z.record(z.union([z.string(), z.number()])).optional(),
  issues: z
    .array(
      obj({
        path: z.string(),
        code: z.string(),
        params: z.record(z.union([z.string(), z.number()])),
        message: z.string(),
      }),
    )
    .optional(),
}).openapi('Problem');

/** Codes that a route's own declarations imply. */
function implied(route: Route): ProblemCode[] {
  const { access } = route;
  const codes: ProblemCode[] = [
    'bad_request',
    'invalid_input',
    'too_many_requests',
    'internal_error',
    'unavailable',
    'deadline_exceeded',
  ];
  if (access.signed) codes.push('bad_signature');
  else if (route.method !== 'GET') codes.push('csrf_refused');
  if (route.params) codes.push('not_found');
  if (route.body || access.upload) codes.push('unsupported_media_type', 'payload_too_large');
  if (access.audience !== 'public') codes.push('not_logged_in', 'session_expired');
  if (access.audience !== 'public' && access.audience !== 'citizen')
    codes.push('forbidden', 'password_change_required');
  if (access.fresh) codes.push('fresh_login_required');
  if (access.ranges) codes.push('range_not_satisfiable');
  if (access.idempotency) codes.push('in_progress', 'key_reused');
  if (access.idempotency && access.idempotency !== 'optional') codes.push('idempotency_key_missing');
  return codes;
}

function errorResponses(route: Route): RouteConfig['responses'] {
  const byStatus = new Map<number, Set<ProblemCode>>();
  for (const code of [...implied(route), ...(route.access.errors ?? [])]) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: [...codes]
          .sort()
          .map((code) => `\`${code}\``)
          .join(', '),
        content: { 'application/problem+json': { schema: ProblemSchema } },
      },
    ]),
  );
}

function success(route: Route): RouteConfig['responses'] {
  const { access } = route;
  if (access.download) {
    const schema = { type: 'string' as const, format: 'binary' };
    const content = Object.fromEntries([access.download].flat().map((type) => [type as string, { schema }]));
    return {
      [route.status]: { description: 'The file.', content },
      ...(access.ranges ? { 206: { description: 'The part of the file that `Range` asks for.', content } } : {}),
    };
  }
  if (!route.answer) return { [route.status]: { description: 'Done.' } };
  if (access.events)
    return {
      [route.status]: {
        description:
          'Server-sent events. Each event’s `data` is this as JSON, its `id` names the state: the browser sends it back as ' +
          '`Last-Event-ID`, to any host. A stream ends after 20 s, or with the last state; connect again.',
        content: { 'text/event-stream': { schema: route.answer } },
      },
    };
  return { [route.status]: { description: 'Done.', content: { 'application/json': { schema: route.answer } } } };
}

const idempotencyKey = (required: boolean) => ({
  name: 'Idempotency-Key',
  in: 'header' as const,
  required,
  schema: { type: 'string' as const, minLength: 8, maxLength: 100, pattern: '^[\\x21-\\x7e]+$' },
  description: 'Chosen by the client, one per intent. The same key gets the first answer again for 48 hours.',
});

const requestedWith = {
  name: 'X-Requested-With',
  in: 'header' as const,
  required: true,
  schema: { type: 'string' as const, enum: ['dengji'] },
  description: 'Proves that the request was not sent by another site.',
};

const signature = ['X-Timestamp', 'X-Signature'].map((name, at) => ({
  name,
  in: 'header' as const,
  required: true,
  schema: { type: 'string' as const, pattern: at ? '^[0-9a-f]{64}$' : '^\\d{1,12}$' },
  description: at
    ? 'HMAC-SHA-256 over the timestamp, a full stop and the body as sent, under the shared secret; in hex.'
    : 'Seconds since 1970; at most five minutes from our clock.',
}));

/** The OpenAPI 3 document of the mounted routes: the one source of the typed web client and of the fuzzing. */
export function buildOpenApi(routes: readonly Route[]): Record<string, unknown> {
  const registry = new OpenAPIRegistry();
  registry.register('Problem', ProblemSchema);
  registry.registerComponent('securitySchemes', 'citizen', { type: 'apiKey', in: 'cookie', name: 'citizen' });
  registry.registerComponent('securitySchemes', 'staff', { type: 'apiKey', in: 'cookie', name: 'staff' });
  for (const route of routes) {
    const { access, config } = route;
    const { params, query, body } = (config.request ?? {}) as {
      params?: z.AnyZodObject;
      query?: z.AnyZodObject;
      body?: NonNullable<RouteConfig['request']>['body'];
    };
    const realm = access.audience === 'public' ? null : access.audience === 'citizen' ? 'citizen' : 'staff';
    registry.registerPath({
      method: config.method as RouteConfig['method'],
      path: route.path,
      operationId: route.operationId,
      ...(config.summary ? { summary: config.summary } : {}),
      description: [
        config.description,
        `Audience: ${access.audience}${'permission' in access ? `, permission \`${access.permission}\`` : ''}.`,
      ]
        .filter(Boolean)
        .join('\n\n'),
      tags: config.tags ?? [],
      security: realm ? [{ [realm]: [] }] : [],
      'x-audience': access.audience,
      ...(access.signed ? { 'x-signed': access.signed } : {}),
      ...('permission' in access ? { 'x-permission': access.permission } : {}),
      ...(access.idempotency ? { 'x-idempotency': access.idempotency } : {}),
      request: {
        ...(params ? { params } : {}),
        ...(query ? { query } : {}),
        ...(route.body
          ? { body: { required: true, content: { 'application/json': { schema: route.body } } } }
          : body
            ? { body }
            : {}),
      },
      parameters: [
        ...(access.signed ? signature : route.method === 'GET' ? [] : [requestedWith]),
        ...(access.idempotency ? [idempotencyKey(access.idempotency !== 'optional')] : []),
      ],
      responses: { ...success(route), ...errorResponses(route) },
    });
  }
  const document = new OpenApiGeneratorV3(registry.definitions).generateDocument({
    openapi: '3.0.3',
    info: {
      title: 'Dengji',
      version: API_VERSION,
      description:
        'Public registration: forms, people, passes. Errors are RFC 9457 problems; see the codes at /api/docs/problems.',
    },
    servers: [{ url: '/' }],
  });
  return relaxDefaults(document as unknown as Record<string, unknown>);
}

/** What has a default may be left out; the generator lists it as required. */
function relaxDefaults(node: Record<string, unknown>): Record<string, unknown> {
  for (const value of Object.values(node))
    if (value && typeof value === 'object') relaxDefaults(value as Record<string, unknown>);
  const schema = node['schema'] as { default?: unknown } | undefined;
  if (node['in'] === 'query' && schema?.default !== undefined) node['required'] = false;
  const { properties, required } = node as { properties?: Record<string, { default?: unknown }>; required?: string[] };
  if (properties && Array.isArray(required)) {
    const left = required.filter((key) => properties[key]?.default === undefined);
    if (left.length) node['required'] = left;
    else delete node['required'];
  }
  return node;
}
