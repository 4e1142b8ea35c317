import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { textsOf } from '../shell/texts.ts';
import { pageDefinitions, PAGES } from './fake-wx.ts';
import { lintTemplate, type Names } from './wxml.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => (existsSync(root + path) ? readFileSync(root + path, 'utf8') : '');

async function namesOf(route: string): Promise<Names> {
  const definition = (await pageDefinitions()).get(route)!;
  const styles = read('app.wxss') + read(`${route}.wxss`);
  return {
    handlers: new Set(Object.keys(definition).filter((key) => typeof definition[key] === 'function')),
    data: new Set(Object.keys(definition.data)),
    texts: new Set(Object.keys(textsOf('zh-CN'))),
    // Says which mode a page is in; only some of its elements look different then.
    classes: new Set([...styles.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name)),
  };
}

describe('templates', () => {
  it('compile, and name only what is there', async () => {
    const faults = [];
    for (const route of PAGES) faults.push(...lintTemplate(route, read(`${route}.wxml`), await namesOf(route)));
    expect(faults).toEqual([]);
  });

  it('faults would be found', async () => {
    const names = await namesOf('pages/home/home');
    const planted = [
      ...[
        '<view>',
        '<view></text>',
        '<view>{{a.}}</view>',
        '<view class="sheet"><text></view>',
        '<view',
        '<dvi></dvi>',
      ],
      ...[
        '<button bindtap="nobody"></button>',
        '<button catchtap=""></button>',
        '<button>x</button>',
        '<view>{{nothing}}</view>',
      ],
      ...[
        '<view>{{t.nothing}}</view>',
        '<view class="nothing"></view>',
        "<view class=\"page {{elder ? 'nothing' : ''}}\"></view>",
      ],
      ...['<view wx:for="{{cards}}"></view>', '<view wx:if="{{state === \'x\' && nothing}}"></view>'],
    ];
    expect(planted.filter((source) => lintTemplate('planted', source, names).length === 0)).toEqual([]);
  });

  it('every folder of pages is a page of app.json', () => {
    expect(
      readdirSync(`${root}/pages`)
        .map((name) => `pages/${name}/${name}`)
        .toSorted(),
    ).toEqual(PAGES.toSorted());
    const sitemap = JSON.parse(read('sitemap.json')) as { rules: { page: string }[] };
    expect(sitemap.rules.filter(({ page }) => page !== '*' && !PAGES.includes(page))).toEqual([]);
  });

  it("WeChat's consent button carries the id that the consent is told by", () => {
    expect(read('pages/privacy/privacy.wxml')).toMatch(/id="agree"[^>]*open-type="agreePrivacyAuthorization"/s);
  });
});

it('every icon that a module may have is drawn', () => {
  const shared = readFileSync(`${root}/../server/shared/home-page.ts`, 'utf8');
  const icons = /MODULE_ICONS = \[(.*?)\]/s.exec(shared)![1]!.match(/\w+/g)!;
  expect(icons.length).toBeGreaterThan(5);
  expect(icons.filter((icon) => !read('pages/home/home.wxss').includes(`.icon-${icon} {`))).toEqual([]);
  expect(icons.filter((icon) => !read('pages/home/home.ts').includes(`'${icon}'`))).toEqual([]);
});

it('colours are those of the citizens’ pages', () => {
  const tokens = readFileSync(`${root}/../web/common/theme/tokens.css`, 'utf8');
  const named: Record<string, string> = { tint: 'primary-tint' };
  const missing = [...read('app.wxss').matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)]
    .map(([, name = '', colour = '']) => `--${named[name] ?? name}: ${colour};`)
    .filter((line) => !tokens.includes(line));
  expect(missing).toEqual([]);
});
