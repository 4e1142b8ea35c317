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
  [...text.matchAll(/`((?:server|web|scripts|docs|\.ci)\/[^`\s]*)`/g)]
    .map(([, path]) => path!)
    .filter((path) => !/[<>{}*…]/.test(path) && !/[A-Z]{4,}/.test(path));
/** Targets of links that are files of the repository. */
const linksIn = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
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

  it('docs/security.md quotes tests by names that exist', () => {
    const rows = read('docs/security.md')
      .split('\n')
      .filter((line) => /^\| \d+ \|/.test(line));
    const tests = [
      ...new Set(
        rows.flatMap((row) =>
          [...row.matchAll(/`([\w./-]+\.(?:test\.ts|test\.mjs|browser\.ts))`/g)].map(([, path]) => path!),
        ),
      ),
    ];
    expect(tests.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(rows.length).toBeGreaterThan(45);
  });

  it('README commands and problem codes in texts are real', () => {
    const codes = [...read('ARCHITECTURE.md').matchAll(/new Problem\('(\w+)'/g)].map(([, code]) => code!);
    expect(codes.filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([]);
  });
});
