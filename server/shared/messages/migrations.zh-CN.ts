import type { MigrationCode } from '../forms/codes.ts';

/** What is wrong with mappings between versions, and why an answer does not come along to another version. */
const texts: Record<MigrationCode, string> = {
  mapping_unknown_field: '对应规则的这一侧没有字段“{field}”',
  mapping_unfit: '这条对应规则不适合字段“{field}”',
  mapping_unknown_option: '新版本没有选项“{field}”',
  mapping_twice: '字段“{field}”被两条对应规则重复填写',
  field_removed: '表单已不再询问这一项',
  hidden: '按您的其他答案，这一项不再需要填写',
  consent_changed: '需要同意的内容已更新，请阅读后重新勾选',
  recomputed: '这一项现在由系统计算',
};
export default texts;
