import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { payloads } from './payloads.ts';

/** What a page does when a payload gets through. Stands in every page before its own scripts. */
export function trap(): void {
  const page = window as unknown as { _: () => void; __xss?: number };
  page._ = () => void (page.__xss = (page.__xss ?? 0) + 1);
}

/** Signs in the document that a text became markup, a handler, a link to a script, or that one ran. */
export function signs(): string[] {
  const found: string[] = [];
  const ran = (window as unknown as { __xss?: number }).__xss;
  if (ran) found.push(`${ran} payloads ran`);
  const strange =
    'iframe:not(.phone),object,embed,marquee,math,base,video,audio,details,animate,meta[http-equiv=refresh],body script,style:not([data-vite-dev-id]):not(head style)';
  for (const element of document.querySelectorAll('*')) {
    if (element.matches(strange) && !(element as HTMLScriptElement).src?.startsWith(location.origin))
      found.push(`<${element.localName}>`);
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(`${element.localName} ${name}`);
      if (
        /^(?:href|src|action|formaction|data|xlink:href|srcdoc)$/i.test(name) &&
        /^\s*(?:javascript|vbscript|data:text)/i.test(value)
      )
        found.push(`${element.localName} ${name}=${value}`);
    }
  }
  return found;
}

/** The payloads that stand in the page as they are: in its text, in what is typed, in its title. */
function shown(all: string[]): string[] {
  const typed = [...document.querySelectorAll('input,textarea')].map((one) => (one as HTMLInputElement).value);
  const seen = [document.body.textContent, ...typed, document.title].join('\n');
  return all.filter((one) => seen.includes(one));
}

/**
 * Prepares a page. `see` waits for `ready` and for at least `least` different payloads, and gathers signs; `list` does so
 * with all pages of a list.
 */
export async function watch(page: Page) {
  const found: string[] = [];
  await page.context().addInitScript(trap);
  page.on('dialog', (dialog) => {
    // Leaving a form with changes asks; that is ours.
    if (dialog.type() === 'beforeunload') return void dialog.accept();
    found.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  async function see(what: string, ready: string, least = 0): Promise<void> {
    await page.waitForSelector(ready);
    await expect
      .poll(async () => (await page.evaluate(shown, payloads)).length, { message: what })
      .toBeGreaterThanOrEqual(least);
    found.push(...(await page.evaluate(signs)).map((sign) => `${what}: ${sign}`));
  }
  async function list(path: string, least: number): Promise<void> {
    await page.goto(path);
    const seen = new Set<string>();
    for (;;) {
      await see(path, 'tr[data-row]');
      (await page.evaluate(shown, payloads)).forEach((one) => seen.add(one));
      const forward = page.locator('.pager button').last();
      if (!(await forward.count()) || (await forward.isDisabled())) break;
      const first = await page.locator('tr[data-row="0"]').innerHTML();
      await forward.click();
      await expect.poll(() => page.locator('tr[data-row="0"]').innerHTML()).not.toBe(first);
    }
    expect(seen.size, path).toBeGreaterThanOrEqual(least);
  }
  return { found, see, list };
}
