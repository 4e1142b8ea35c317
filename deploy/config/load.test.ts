import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT, Fault } from '../faults.ts';
import example from '../environments/example.ts';
import { loadEnvironment, parseEnvironment } from './load.ts';
import { Environment } from './schema.ts';
import { hostSettings } from './settings.ts';

const faultsOf = (value: unknown) => {
  try {
    parseEnvironment(value, 'prod.ts');
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).exit).toBe(EXIT.usage);
    return (error as Fault).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0]);
  }
  return [];
};

test('the example is a valid environment', () => {
  expect(faultsOf(example)).toEqual([]);
});

test('every fault is named at once, with its path, also those between fields', () => {
  const wrong = {
    ...example,
    hosts: [
      { name: 'H1', address: 'h1.internal' },
      { name: 'h2', address: '10.0.0.12', adress: '10.0.0.13' },
      { name: 'h2', address: '10.0.0.12' },
    ],
    publicOrigin: 'reg.example.cn',
    slb: { addresses: [], check: { intervalS: 0 } },
    build: { node: '20' },
    ports: { api: 3000, canaryApi: 3000 },
    canary: {},
    leese: {},
  };
  expect(faultsOf(wrong).toSorted()).toEqual([
    'build.node',
    'canary',
    'hosts.0.address',
    'hosts.0.name',
    'hosts.1.adress',
    'hosts.2.address',
    'hosts.2.name',
    'leese',
    'ports.canaryApi',
    'publicOrigin',
    'slb.addresses',
    'slb.check.intervalS',
  ]);
});

test('what reaches a shell or an nginx file has a narrow alphabet', () => {
  const bad = [
    { root: '/srv/dengji;reboot' },
    { root: '/srv/deng ji' },
    { logs: 'var/log' },
    { user: '-oProxyCommand=x' },
    { ssh: { user: '$(id)' } },
    { hosts: [{ name: 'h1', address: '10.0.0.1', ssh: '-oProxyCommand=x' }] },
    { tls: { at: 'nginx', certificate: '/a"b', key: '/k' } },
  ];
  expect(bad.filter((one) => faultsOf({ ...example, ...one }).length === 0)).toEqual([]);
});

test('every field says what it is for', () => {
  const bare: string[] = [];
  const walk = (schema: unknown, path: string): void => {
    let one = schema as { _def: Record<string, unknown>; description?: string };
    const described = () => one.description !== undefined;
    let said = described();
    while (one._def['innerType'] ?? one._def['schema']) {
      one = (one._def['innerType'] ?? one._def['schema']) as typeof one;
      said ||= described();
    }
    if (!said && path !== '') bare.push(path);
    if (one._def['typeName'] === 'ZodArray') walk(one._def['type'], '');
    if (one._def['typeName'] !== 'ZodObject') return;
    const shape = (one as unknown as { shape: Record<string, unknown> }).shape;
    for (const [name, inner] of Object.entries(shape)) walk(inner, path === '' ? name : `${path}.${name}`);
  };
  walk(Environment, '');
  expect(bare).toEqual([]);
});

test("a host's settings name its peers, and only what belongs to it", () => {
  const environment = parseEnvironment(
    {
      ...example,
      hosts: [
        { name: 'h1', address: '10.0.0.1', root: '/srv/one' },
        { name: 'h2', address: '10.0.0.2' },
      ],
    },
    'x',
  );
  const [one, two] = environment.hosts.map((host) => hostSettings(environment, host, 'key'));
  expect(one).toMatchObject({ host: 'h1', root: '/srv/one', peers: [{ name: 'h2', address: '10.0.0.2' }] });
  expect(two).toMatchObject({ host: 'h2', root: '/srv/dengji', canary: { key: 'key' }, loopback: '127.0.0.1' });
});

test('a file is found by path; its secrets are read beside it, and a missing one is explained', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dengji-environment-'));
  try {
    const file = join(folder, 'prod.json');
    writeFileSync(file, JSON.stringify(example));
    await expect(loadEnvironment(file)).rejects.toThrow(/openssl rand/);
    writeFileSync(join(folder, 'example.canary.key'), `${'k'.repeat(64)}\n`);
    const loaded = await loadEnvironment(file);
    expect(loaded).toMatchObject({ canaryKey: 'k'.repeat(64), envFile: join(folder, 'example.env') });
    await expect(loadEnvironment('nowhere')).rejects.toThrow(/no environment file/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
