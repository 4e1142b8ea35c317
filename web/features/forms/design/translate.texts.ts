import { defineTexts } from '../../../common/admin/text/texts.ts';

/** Words of the translation table; what texts are is named by the property that holds them. */
const texts = defineTexts({
  left: ['共 {all} 处文字，还有 {n} 处没有英文', '{n} of {all} texts have no English yet'],
  whole: ['{all} 处文字都有中文和英文', 'All {all} texts are there in both languages'],
  onlyMissing: ['只看没有英文的', 'Only those without English'],
  search: ['查找文字', 'Find a text'],
  nothing: ['没有这样的文字', 'No such text'],
  none: ['还没有英文，将显示中文', 'No English yet: the Chinese is shown'],
  inChinese: ['{name}（中文）', '{name}, Chinese'],
  inEnglish: ['{name}（英文）', '{name}, English'],
  title: ['标题', 'Title'],
  intro: ['填写前的说明', 'Introduction'],
  help: ['步骤说明', 'Help'],
  label: ['名称', 'Label'],
  hint: ['提示', 'Hint'],
  patternHint: ['格式提示', 'Pattern hint'],
  unit: ['单位', 'Unit'],
  message: ['校验提示', 'Message of a check'],
});
export const x = texts as (key: string, params?: Record<string, string | number>) => string;
