import { sayProperty } from '../../../server/shared/forms/change-words.ts';
import { locale } from '../../common/admin/text/locale.ts';
import { say } from '../../common/admin/text/texts.ts';
import { t } from './forms.texts.ts';

const PARTS = { steps: 'stepAt', fields: 'fieldAt', options: 'optionAt', rows: 'rowAt', checks: 'checkAt' } as const;
const LANGUAGES: Record<string, 'chinese' | 'english'> = { 'zh-CN': 'chinese', en: 'english' };

/** A path into a form as people say it: `steps.0.fields.3.pattern` → "第 1 步 · 第 4 项（姓名） · 格式规则". */
export function placeText(content: unknown, path: string): string {
  const words = path === '' ? [] : path.split('.');
  const parts = words[0] === 'steps' || words[0] === 'checks' ? [] : [t('theForm')];
  let node: unknown = content;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    node = own(node, word);
    const part = Object.prototype.hasOwnProperty.call(PARTS, word) ? PARTS[word as keyof typeof PARTS] : undefined;
    const number = Number(words[at + 1] ?? NaN);
    if (part && Number.isInteger(number)) {
      node = own(node, words[at + 1]!);
      parts.push(t(part, { n: number + 1 }) + named(part, node));
      at += 1;
    } else if (LANGUAGES[word]) parts.push(t(LANGUAGES[word]));
    else if (!/^\d+$/.test(word)) parts.push(sayProperty(word, locale.value));
  }
  return parts.join(' · ');
}

const own = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;

/** What a field or option is called, in brackets; steps are known by their numbers. */
function named(part: string, node: unknown): string {
  if (part === 'stepAt' || part === 'checkAt') return '';
  const label = own(node, 'label');
  const name = typeof label === 'object' && label ? say(label as never) : own(node, 'key');
  return typeof name === 'string' && name
    ? t('inBrackets', { name: name.length > 30 ? `${name.slice(0, 30)}…` : name })
    : '';
}
