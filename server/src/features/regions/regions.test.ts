import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { loadRegions } from './regions.data.ts';
import { buildTree } from './regions.tree.ts';

const tree = buildTree();
const names = (parent: string | null) => tree.children(parent).map(({ name }) => name);

describe('the tree', () => {
  it('has every code once, each below a parent that is there', () => {
    const regions = loadRegions();
    const codes = new Set(regions.map(({ code }) => code));
    expect(codes.size).toBe(regions.length);
    expect(regions.length).toBeGreaterThan(3200);
    for (const { code, parent } of regions) {
      expect(code).toMatch(/^[1-9]\d{5}$/);
      expect(parent === null || codes.has(parent)).toBe(true);
    }
  });

  it('says of every region its path, and finds it again by its names', () => {
    for (const { code } of loadRegions()) {
      expect(tree.path(code).at(-1)).toBe(code);
      expect(tree.lookup.find(tree.lookup.path(code))).toBe(code);
    }
  });

  it('keeps the three levels of a municipality', () => {
    expect(names(null)).toContain('北京市');
    expect(tree.children('110000')).toEqual([{ code: '110100', name: '市辖区', level: 'city', leaf: false }]);
    expect(tree.path('110101')).toEqual(['110000', '110100', '110101']);
    expect(tree.lookup.path('110101')).toEqual(['北京市', '市辖区', '东城区']);
  });

  it('ends where there is nothing below: cities without counties, Hong Kong, Macau, Taiwan', () => {
    expect(tree.children('440000').find(({ code }) => code === '441900')).toMatchObject({ name: '东莞市', leaf: true });
    expect(
      tree
        .children(null)
        .filter(({ leaf }) => leaf)
        .map(({ name }) => name),
    ).toEqual(['台湾省', '香港特别行政区', '澳门特别行政区']);
    expect(tree.path('441900')).toEqual(['440000', '441900']);
    for (const level of ['441900', '810000', '440305']) expect(tree.children(level)).toEqual([]);
  });

  it('knows nothing of codes and names that are none', () => {
    for (const code of ['', '999999', '44', 'constructor', '__proto__']) {
      expect(tree.exists(code)).toBe(false);
      expect(tree.path(code)).toEqual([]);
      expect(tree.lookup.name(code)).toBeUndefined();
      expect(tree.children(code)).toEqual([]);
    }
    expect(tree.lookup.find(['广东省', '没有市'])).toBeUndefined();
    expect(tree.lookup.find([])).toBeUndefined();
  });
});

describe('the routes', () => {
  let t: TestDeps;
  let app: TestApp;
  beforeAll(async () => {
    t = await makeDeps();
    app = await makeApp(t.deps);
  });
  afterAll(async () => {
    await app.close();
    await t.close();
  });

  it('give one level, for everybody to keep', async () => {
    const { status, body, headers } = await app.browser().get('/api/citizen/regions?parent=440300');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=86400');
    expect(body.items).toContainEqual({ code: '440305', name: '南山区', level: 'county', leaf: true });
    expect((await app.browser().get('/api/citizen/regions')).body.items).toHaveLength(34);
  });

  it('refuse what is no region', async () => {
    const missing = await app.browser().get('/api/citizen/regions?parent=999999');
    expect(missing.status).toBe(404);
    expect(missing.headers.get('cache-control')).not.toMatch(/public/);
    expect((await app.browser().get('/api/citizen/regions?parent[$ne]=1')).status).toBeGreaterThanOrEqual(400);
    expect((await app.browser().get('/api/citizen/regions?parent=44')).status).toBe(422);
    expect((await app.browser().get('/api/system/regions')).status).toBe(401);
  });
});
