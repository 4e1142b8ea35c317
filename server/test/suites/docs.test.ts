import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../shared/codes.ts';
import { apiDocs } from '../api-docs.ts';
import { operationsOf } from '../operations.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const markdown = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const documents = [...markdown('.'), ...markdown('docs')];
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);

/** Paths of the repository that a text names: in backticks, from a top folder, without a placeholder. */
const pathsIn = (text: string) =>
  [...text.matchAll(/`((?:server|web|scripts|docs|deploy|nginx|miniapp|\.ci)\/[^`\s]*)`/g)]
    .map(([, path]) => path!)
    .filter((path) => !/[<>{}*…]/.test(path) && !/[A-Z]{4,}/.test(path));
/** Code that docs/security.md names from `server/src` on. */
const codeIn = (text: string) =>
  [...text.matchAll(/`((?:features|http|infra)\/[\w./-]+)`/g)].map(([, path]) => `server/src/${path!}`);
/** Targets of links that are files of the repository; pictures are no matter of the code. */
const linksIn = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:|\.png$/.test(target));
const commandsIn = (text: string) => [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!);

describe('documents', () => {
  it('docs/api.md lists exactly the operations of the OpenAPI document (vitest -u writes it)', async () => {
    const operations = operationsOf(JSON.parse(read('server/openapi.json')) as Record<string, unknown>);
    await expect(apiDocs(operations)).toMatchFileSnapshot('../../../docs/api.md');
  });

  it('name no path, link or command that is not there', () => {
    const wrong = documents.flatMap((document) => {
      const text = read(document);
      return [
        ...pathsIn(text).filter((path) => !path.includes('/dist') && !existsSync(join(root, path))),
        ...linksIn(text).filter((target) => !existsSync(join(root, dirname(document), target))),
        ...commandsIn(text).filter((name) => !scripts.includes(name)),
      ].map((what) => `${document}: ${what}`);
    });
    expect(documents.length).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
  });

  it('docs/security.md names code and a test for every control', () => {
    const [text = ''] = read('docs/security.md').split('## Controls that come with later features');
    const rows = text.split('\n').filter((line) => /^\| \d+ \|/.test(line));
    expect(codeIn(text).filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(rows.filter((row) => !/\.(test\.ts|test\.mjs|browser\.ts)`/.test(row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(40);
  });

  it('ARCHITECTURE.md throws only problems that are in the registry', () => {
    const codes = [...read('ARCHITECTURE.md').matchAll(/new Problem\('(\w+)'/g)].map(([, code]) => code!);
    expect(codes.filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([]);
  });
});
