import { describe, expect, it } from 'vitest';
import { FIRST_HOME_PAGE } from './home-page.ts';
import { CITIZEN_PAGES, citizenPage, COMING_PAGES, isPageLink, isServed } from './pages.ts';

describe('citizens’ pages', () => {
  it('are known in one spelling, with or without the last slash', () => {
    for (const page of CITIZEN_PAGES) expect([citizenPage(page), citizenPage(page.slice(0, -1))]).toEqual([page, page]);
    for (const none of [
      '/',
      '',
      '/register//',
      '/register/#/',
      '/register/?a',
      '/Register/',
      'register/',
      ...COMING_PAGES,
    ])
      expect([none, citizenPage(none)]).toEqual([none, null]);
  });

  it('links may lead to places inside them', () => {
    const good = [
      '/register/',
      '/register/#',
      '/register/#/',
      '/register/#/forms/health',
      '/booking/',
      '/pass/#/mine/',
    ];
    expect(good.filter((link) => !isPageLink(link))).toEqual([]);
    const bad = ['/register', '/register/#forms', '/register/#//x', '/register/#/a?b', '/register/#/.', '/x/#/forms'];
    expect(bad.filter(isPageLink)).toEqual([]);
  });

  it('the first home page keeps to them', () => {
    const { items, share, privacy } = FIRST_HOME_PAGE;
    const links = [...items.map(({ path }) => path), share.path, privacy.path];
    expect(links.filter((link) => !isPageLink(link))).toEqual([]);
    expect(items.filter(({ open, path }) => open && !isServed(path))).toEqual([]);
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
  });
});
