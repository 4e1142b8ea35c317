import type { FormContent } from '../../../server/shared/fields/types.ts';
import { say } from '../../common/admin/text/texts.ts';
import { t } from './forms.texts.ts';

/** A path into a form as people say it: `steps.0.fields.3.pattern` → "第 1 步 · 第 4 项（姓名）· pattern". */
export function placeText(content: unknown, path: string): string {
  const match = /^steps\.(\d+)(?:\.fields\.(\d+))?(?:\.(.+))?$/.exec(path);
  if (!match) return path;
  const [, stepAt, fieldAt, rest] = match;
  const parts = [t('stepAt', { n: Number(stepAt) + 1 })];
  if (fieldAt !== undefined) {
    const field = (content as Partial<FormContent> | null)?.steps?.[Number(stepAt)]?.fields?.[Number(fieldAt)];
    const name = typeof field?.label === 'object' && field.label ? say(field.label) : (field?.key ?? '');
    parts.push(t('fieldAt', { n: Number(fieldAt) + 1 }) + (name ? ` (${name})` : ''));
  }
  if (rest) parts.push(rest);
  return parts.join(' · ');
}
