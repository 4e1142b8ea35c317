import type { Page } from 'playwright-core';
import { axe } from './citizen.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The rules that depend on the colours; the others say the same in the dark. */
const OF_COLOUR: string[] = ['color-contrast', 'link-in-text-block'];

/** Looks at the page in light and in dark, once `ready` is there; gathers what axe finds. */
export function inspector(page: Page) {
  const found: string[] = [];
  return {
    found,
    async look(what: string, ready: string): Promise<void> {
      await page.waitForSelector(ready);
      await page.waitForFunction(() => !document.querySelector('.skeleton, .el-loading-mask'));
      for (const [colorScheme, rules] of [
        ['dark', OF_COLOUR],
        ['light', undefined],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await axe(page, rules)).map((one) => `${what}, ${colorScheme}: ${one}`));
      }
    },
  };
}
