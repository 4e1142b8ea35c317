import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { logInStaff } from '../../server/test/logins.ts';
import { newDevice, type Device } from './citizen.ts';
import type { Site } from './server.ts';

export interface Desk extends Device {
  /** Refused requests, as `status method path`. */
  refused: string[];
}

/** A desktop (1280 px) in Chinese; with `name` that member of staff is logged in at it. */
export async function newDesk(
  browser: Browser,
  site: Site,
  name?: string,
  options: BrowserContextOptions = {},
): Promise<Desk> {
  const device = await newDevice(browser, site, undefined, { viewport: { width: 1280, height: 800 }, ...options });
  const refused: string[] = [];
  device.page.on('response', (response) => {
    if (response.status() >= 400)
      refused.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`);
  });
  if (name) {
    const { cookies } = await logInStaff(site.app, name);
    for (const [key, value] of cookies) await device.context.addCookies([{ name: key, value, url: site.baseUrl }]);
  }
  return { ...device, refused };
}

/** Chooses in one of Element's selects, found by its label. */
export async function choose(place: Page | Locator, label: string, option: string): Promise<void> {
  const wrapper = place.locator('.el-select', { has: place.getByRole('combobox', { name: label, exact: true }) });
  await wrapper.locator('.el-select__wrapper').click();
  await wrapper.getByRole('option', { name: option, exact: true }).click();
}

/** A button of the open dialog (a record's panel is none). */
export const dialogButton = (page: Page, name: string): Locator =>
  page.locator('.app-dialog').getByRole('button', { name, exact: true });

export const press = (page: Page, name: string): Promise<void> => dialogButton(page, name).click();
