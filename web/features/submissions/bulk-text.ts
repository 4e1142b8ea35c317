import { defineTexts } from '../../common/admin/text/texts.ts';

const t = defineTexts({
  edit_conflict: ['刚被别人改过', 'changed by someone else just now'],
  conflict: ['状态不允许', 'its state does not allow it'],
  not_found: ['不在您的范围内，或已删除', 'out of your reach, or deleted'],
  already_submitted: ['已有相同的登记', 'the same registration is there already'],
  other: ['没有处理成功', 'it did not work'],
});
const KNOWN = new Set(['edit_conflict', 'conflict', 'not_found', 'already_submitted']);

/** Why one of several could not be done, in a few words. */
export const codeText = (code: string): string => t(KNOWN.has(code) ? (code as 'conflict') : 'other');
