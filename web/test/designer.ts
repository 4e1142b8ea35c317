import type { Page } from 'playwright-core';
import type { FormContent } from '../../server/shared/fields/types.ts';
import { prepared, type Site } from './server.ts';

/** Forms that are designed, and what the API says of them. */
export const FORMS = '/api/business/forms';
export const starter: FormContent = {
  title: { 'zh-CN': '来访登记', en: 'Visits' },
  steps: [{ key: 'one', title: { 'zh-CN': '第一步', en: 'First' }, fields: [] }],
};

export async function makeForm(site: Site, key: string, content: FormContent = starter): Promise<void> {
  prepared(await site.chief.post(FORMS, { key, title: content.title, content }));
}
export const detail = async (site: Site, key: string) => prepared(await site.chief.get(`${FORMS}/${key}`)).body;
export const working = async (site: Site, key: string): Promise<FormContent> =>
  (await detail(site, key)).workingVersion.content;
export const keysOf = (content: FormContent) => content.steps.map((step) => step.fields.map(({ key }) => key));

export async function saved(page: Page): Promise<void> {
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('已保存，尚未发布', { exact: true }).first().waitFor();
}
