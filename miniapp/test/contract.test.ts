import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CONTRACT,
  entryFragment,
  readMessage,
  readRequest,
  REQUESTS,
  resultFragment,
  type Result,
} from '../contract/contract.ts';

interface Fixture {
  contract: number;
  entries: {
    fragment: string;
    means: { ticket: string; nonce: string; fontScale: number; elder: boolean; place: string };
  }[];
  results: { fragment: string; means: Result }[];
  requests: { url: string; means: { kind: string } }[];
  messages: { data: unknown; means: unknown }[];
}

const fixture = (contract: number): Fixture =>
  JSON.parse(readFileSync(new URL(`../contract/fixtures/shell-${contract}.json`, import.meta.url), 'utf8')) as Fixture;

const NONCE = '0123456789abcdef0123456789abcdef';

describe.each([CONTRACT, CONTRACT - 1])('pages made for a shell of contract %i', (contract) => {
  const { requests, messages, results, contract: said } = fixture(contract);

  it('are understood by this shell', () => {
    expect(said).toBe(contract);
    expect(requests.map(({ url }) => readRequest(url))).toEqual(requests.map(({ means }) => means));
    expect(messages.map(({ data }) => readMessage(data))).toEqual(messages.map(({ means }) => means));
    expect([...new Set(requests.map(({ means }) => means.kind))].toSorted()).toEqual(REQUESTS[contract]!.toSorted());
  });

  it('get results as they were promised', () => {
    expect(results.map(({ means }) => resultFragment(means))).toEqual(results.map(({ fragment }) => fragment));
  });
});

it('the entry is what the fixture of this contract says', () => {
  const { entries } = fixture(CONTRACT);
  expect(entries.map(({ means }) => entryFragment(means))).toEqual(entries.map(({ fragment }) => fragment));
});

it('an entry of contract 1 is the beginning of one of contract 2: older pages find what they know', () => {
  const [first] = fixture(1).entries;
  expect(fixture(2).entries[0]!.fragment.startsWith(first!.fragment)).toBe(true);
});

it('what the contract does not know is ignored', () => {
  const urls = [
    ...[
      '',
      '/',
      '/pages/pay/pay?n=1',
      'pages/home/home',
      '/pages/web/web',
      '/pages/web/web?path=',
      '/pages/web/web?again=1',
    ],
    ...[
      '/pages/web/web?path=%E0%A4%A',
      '/pages/web/web?path=/register/&path=//evil.cn',
      'https://evil.cn/pages/home/home',
    ],
    ...[
      '/pages/scan/scan',
      '/pages/scan/scan?n=',
      `/pages/scan/scan?n=${NONCE}0`,
      `/pages/scan/scan?n=${NONCE.toUpperCase()}`,
    ],
    ...[
      `/pages/phone/phone?n=${NONCE}&n=${NONCE}`,
      `/pages/phone/../scan/scan?n=${NONCE}`,
      '/pages/scan/scan?__proto__=1',
    ],
  ];
  expect(urls.filter((url) => readRequest(url) !== null)).toEqual([]);
  const messages = [
    ...[null, undefined, 1, 'share', [], {}, { type: 'pay' }, { type: 'share' }, { type: 'share', title: 'x' }],
    ...[
      { type: 'share', title: '', path: '/register/' },
      { type: 'share', title: ' ', path: '/register/' },
    ],
    ...[
      { type: 'share', title: 'x'.repeat(61), path: '/register/' },
      { type: 'share', title: {}, path: '/register/' },
    ],
    ...[
      { type: 'share', title: 'x', path: 'x'.repeat(301) },
      { type: 'share', title: 'x', path: ['/register/'] },
    ],
  ];
  expect(messages.filter((data) => readMessage(data) !== null)).toEqual([]);
});
