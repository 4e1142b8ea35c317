import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImports } from './lib/imports.mjs';

/** One planted violation for each rule: file → what it says. */
const planted = {
  'shared-imports-nothing': { 'server/shared/a.ts': "import 'node:fs';" },
  'http-knows-no-feature': { 'server/src/http/b.ts': "import '../features/people/index.ts';" },
  'infra-knows-no-feature': { 'server/src/infra/c.ts': "import '../features/people/index.ts';" },
  'features-meet-at-index': { 'server/src/features/forms/d.ts': "import '../people/people.model.ts';" },
  'mongoose-in-models': { 'server/src/features/people/e.service.ts': "import mongoose from 'mongoose'; mongoose;" },
  'zod-through-http': { 'server/src/features/people/f.schema.ts': "import { z } from 'zod'; z;" },
  'services-hold-no-koa': { 'server/src/features/people/g.service.ts': "import Koa from 'koa'; Koa;" },
  'web-imports-shared-only': { 'web/features/h.ts': "import '../../server/src/features/people/index.ts';" },
  'web-common-knows-no-feature': { 'web/common/i.ts': "import '../features/other.ts';" },
  'citizens-get-no-element-plus': { 'web/apps/register/j.ts': "import 'element-plus';" },
  'outside-stays-outside': { 'scripts/k.mjs': "import '../server/src/features/people/index.ts';" },
  'deploy-and-miniapp-stand-alone': { 'deploy/l.ts': "import '../server/shared/fine.ts';" },
  'no-cycles': { 'web/features/m.ts': "import './n.ts';", 'web/features/n.ts': "import './m.ts';" },
  'no-unknown-module': { 'web/features/o.ts': "import './nowhere.ts';" },
  'no-development-module-in-the-server': { 'server/src/p.ts': "import 'vitest';" },
};

/** Code that keeps every rule, so that a rule which forbids everything shows up too. */
const innocent = {
  'server/shared/fine.ts': 'export const fine = 1;',
  'server/src/features/people/index.ts': "export * from './people.model.ts';",
  'server/src/features/people/people.model.ts': "import { Schema } from 'mongoose'; export const people = Schema;",
  'server/src/features/roles/roles.service.ts':
    "import type { Connection } from 'mongoose'; import { people } from '../people/index.ts'; export const roles = (c: Connection) => [c, people];",
  'server/src/http/z.ts': "export { z } from 'zod';",
  'server/src/features/people/people.test.ts': "import { it } from 'vitest'; it;",
  'web/features/other.ts': "import '../../server/shared/fine.ts';",
  'web/common/page.vue':
    '<script setup lang="ts">\nimport \'../../server/shared/fine.ts\';\n</script>\n<template><p /></template>',
};

let folder;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dengji-imports-'));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const dependencies = Object.fromEntries(['mongoose', 'zod', 'koa'].map((name) => [name, '1.0.0']));
  const devDependencies = { vitest: '1.0.0', 'element-plus': '1.0.0' };
  write('package.json', JSON.stringify({ name: 'planted', type: 'module', dependencies, devDependencies }));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  for (const [path, text] of Object.entries(innocent)) write(path, text);
  for (const files of Object.values(planted)) for (const [path, text] of Object.entries(files)) write(path, text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('import rules', () => {
  it('has a planted violation for every rule', () => {
    const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
    expect(config.forbidden.map((rule) => rule.name).toSorted()).toEqual(Object.keys(planted).toSorted());
  });

  it('catches each planted violation and nothing else', async () => {
    const { violations } = await checkImports(folder, ['server', 'web', 'scripts', 'deploy']);
    for (const [rule, files] of Object.entries(planted)) {
      expect(violations).toContainEqual(expect.objectContaining({ rule, from: Object.keys(files)[0] }));
    }
    expect(violations.filter((one) => one.from in innocent)).toEqual([]);
  });
});
