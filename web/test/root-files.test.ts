import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const names = readdirSync(here('../root'));

it('the root of the site holds small text files only: what lies in web/root is public', () => {
  const wrong = names.filter((name) => {
    const text = readFileSync(here(`../root/${name}`), 'utf8');
    return !/^[\w-]{1,64}\.txt$/.test(name) || text.length > 1_000 || /[<>\0]/.test(text);
  });
  expect(wrong).toEqual([]);
});

it('all of them are in the built pages, as they are', () => {
  if (!existsSync(here('../dist/business/index.html')))
    throw new Error('web/dist is missing: run `npm run build:web` first');
  const built = readdirSync(here('../dist')).filter((name) => name.endsWith('.txt'));
  expect(built.toSorted()).toEqual(names.toSorted());
  for (const name of names)
    expect(readFileSync(here(`../dist/${name}`))).toEqual(readFileSync(here(`../root/${name}`)));
});
