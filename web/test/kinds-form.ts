import type { Page } from 'playwright-core';
import type { Field, FormContent } from '../../server/shared/fields/types.ts';

const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });
const options = (...labels: [string, string][]) =>
  labels.map(([zh, en], at) => ({ code: `o${at + 1}`, label: text(zh, en) }));
const field = (key: string, kind: Field['kind'], zh: string, en: string, rest: Partial<Field> = {}): Field => ({
  key,
  kind,
  label: text(zh, en),
  required: true,
  ...rest,
});

/** The organisation that the form is filled with; it must be there. */
export const OFFICE = '南山区行政服务中心';

/** A form of the kinds whose widgets come with the first form that asks for them. */
export const KINDS_FORM: FormContent = {
  title: text('来访与评价', 'Visit and rating'),
  steps: [
    {
      key: 'visit',
      title: text('这次来访', 'This visit'),
      fields: [
        field('at', 'datetime', '什么时候来', 'When do you come', { min: 'today' }),
        field('from', 'time', '几点离开', 'When do you leave', { min: '08:00', max: '18:00' }),
        field('mail', 'email', '电子邮箱', 'E-mail'),
        field('site', 'url', '单位网址', 'Web address', { required: false }),
        field('weight', 'quantity', '行李重量', 'Luggage', {
          options: options(['公斤', 'kg'], ['斤', 'jin']),
          scale: 1,
          min: 0,
        }),
        field('office', 'organisation', '到访机构', 'Organisation'),
        field('sign', 'signature', '本人签名', 'Signature', { required: false }),
        field('photo', 'photo', '照片', 'Photo', { required: false }),
      ],
    },
    {
      key: 'opinion',
      title: text('您的意见', 'Your opinion'),
      fields: [
        field('topics', 'multiselect', '关心的事项', 'Topics', {
          min: 1,
          max: 2,
          options: options(
            ...Array.from({ length: 12 }, (_, at): [string, string] => [`第 ${at + 1} 项业务`, `Topic ${at + 1}`]),
          ),
        }),
        field('rows', 'matrix', '各方面满意吗', 'How satisfied are you', {
          rows: options(['环境卫生', 'Cleanliness'], ['服务态度', 'Kindness'], ['等候时间', 'Waiting']),
          options: options(['不满意', 'Bad'], ['一般', 'So-so'], ['满意', 'Good']),
        }),
        field('stars', 'rating', '总体评价', 'Overall'),
        field('gate', 'hidden', '入口', 'Gate', { required: false }),
        field('score', 'computed', '得分', 'Score', {
          required: false,
          compute: { fn: 'mul', args: [{ field: 'stars' }, { value: 20 }] },
          unit: text('分', 'points'),
        }),
        field('host', 'person', '接待人', 'Host', { required: false }),
      ],
    },
  ],
};

/** Fills the first step. */
export async function fillVisit(page: Page): Promise<void> {
  await page.fill('#f-at', '2030-05-01');
  await page.fill('#f-at-clock', '09:30');
  await page.fill('#f-from', '17:30');
  await page.fill('#f-mail', ' Wang@Example.COM ');
  await page.fill('#f-site', 'www.example.com');
  await page.fill('#f-weight', '12.5');
  await page.selectOption('#f-weight-unit', 'o2');
  await page.fill('#f-office', OFFICE.slice(3, 7));
  await page.getByRole('button', { name: OFFICE }).click();
  await page.waitForSelector('.reference .again');
}

/** Fills the second step. */
export async function fillOpinion(page: Page): Promise<void> {
  await page.fill('#f-topics', '11');
  await page.check('#f-topics-o11');
  await page.fill('#f-topics', '');
  await page.check('#f-topics-o2');
  for (const row of await page.locator('.matrix fieldset').all()) await row.getByRole('radio').last().check();
  await page.getByRole('radio', { name: /^4 / }).check();
}
