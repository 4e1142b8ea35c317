import type { Locale } from '../../shared/fields/types.ts';

/** The first language of Accept-Language that the product speaks; Chinese when there is none. */
export function localeOf(header: string | undefined): Locale {
  if (!header) return 'zh-CN';
  const wanted = header
    .split(',')
    .map((part) => {
      const [tag = '', q] = part.trim().split(';q=');
      return { tag: tag.toLowerCase(), q: q === undefined ? 1 : Number(q) || 0 };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .find(({ tag }) => tag.startsWith('zh') || tag.startsWith('en'));
  return wanted?.tag.startsWith('en') ? 'en' : 'zh-CN';
}
