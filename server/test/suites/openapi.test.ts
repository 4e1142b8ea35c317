import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Mongoose } from 'mongoose';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Deps } from '../../src/deps.ts';
import { createFeatures } from '../../src/features/index.ts';
import { collectRoutes, type Route } from '../../src/http/mount.ts';
import { buildOpenApi } from '../../src/http/openapi.ts';
import { createMetrics } from '../../src/infra/metrics/index.ts';
import { isPermission } from '../../shared/permissions.ts';
import { operationsOf, sample, type Operation } from '../operations.ts';

describe('the OpenAPI document', () => {
  let document: Record<string, unknown>;
  let routes: Route[];
  let operations: Operation[];

  beforeAll(() => {
    const config = loadConfig({
      NODE_ENV: 'test',
      MONGO_URL: 'mongodb://127.0.0.1/none?replicaSet=none',
      REDIS_URL: 'redis://127.0.0.1',
    });
    routes = collectRoutes(
      createFeatures({
        mongo: new Mongoose().createConnection(),
        config,
        clock: () => new Date(),
        metrics: createMetrics({ defaults: false }),
      } as unknown as Deps).controllers,
    );
    document = JSON.parse(JSON.stringify(buildOpenApi(routes))) as Record<string, unknown>;
    operations = operationsOf(document);
  });

  it('is valid OpenAPI 3', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('names every mounted route', () => {
    const named = operations.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`).sort();
    expect(named).toEqual(routes.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`).sort());
    expect(named.length).toBeGreaterThan(60);
  });

  it('says of every operation what it is, who may call it and what it answers (22)', () => {
    const faults = operations.flatMap((operation) => {
      const { operationId, summary, tags, audience, permission, responses, parameters, method } = operation;
      const statuses = Object.keys(responses);
      const faulty = {
        operationId: !/^[a-z][A-Za-z]{3,60}$/.test(operationId ?? ''),
        summary: !summary || summary.length < 5,
        tags: tags.length === 0,
        audience: !['public', 'citizen', 'staff', 'business', 'system'].includes(audience),
        permission:
          ['business', 'system'].includes(audience) !== (permission !== undefined && isPermission(permission)),
        // A part of a file (206) is the same answer.
        success: statuses.filter((status) => status.startsWith('2') && status !== '206').length !== 1,
        errors: !['400', '422', '429', '500', '503'].every((status) => statuses.includes(status)),
        notLoggedIn: audience !== 'public' && !statuses.includes('401'),
        forbidden: ['staff', 'business', 'system'].includes(audience) && !statuses.includes('403'),
        csrf:
          method !== 'GET' &&
          !operation.signed &&
          (!statuses.includes('403') || !parameters.some(({ name }) => name === 'X-Requested-With')),
        pathParameters: [...operation.path.matchAll(/\{(\w+)\}/g)].some(
          ([, name]) => !parameters.some((one) => one.in === 'path' && one.name === name && one.required),
        ),
        problems: statuses.some(
          (status) => status >= '400' && !responses[status]!.content?.['application/problem+json'],
        ),
      };
      return Object.entries(faulty)
        .filter(([, wrong]) => wrong)
        .map(([what]) => `${operationId}: ${what}`);
    });
    expect(faults).toEqual([]);
  });

  it('lets nothing unknown in or out: every object is closed or a declared record (25, 26)', () => {
    const open: string[] = [];
    const look = (node: unknown, at: string): void => {
      if (!node || typeof node !== 'object') return;
      const { type, properties, additionalProperties } = node as {
        type?: string;
        properties?: object;
        additionalProperties?: unknown;
      };
      if (type === 'object' && properties && !at.includes('multipart') && additionalProperties !== false) open.push(at);
      for (const [key, value] of Object.entries(node)) look(value, `${at}/${key}`);
    };
    look({ paths: document['paths'], components: document['components'] }, '');
    // A JSON Schema has whatever keys JSON Schema has.
    expect(open.filter((at) => !at.includes('/schema/get/responses/200'))).toEqual([]);
  });

  it('has a plausible value for every body', () => {
    for (const { body } of operations) if (body) expect(sample(body, true)).toBeTypeOf('object');
  });

  it('is the one in the repository (`npm run openapi` writes it)', async () => {
    const committed: unknown = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8'));
    expect(committed).toEqual(document);
  });
});
