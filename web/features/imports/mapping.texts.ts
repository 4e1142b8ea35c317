import { defineTexts } from '../../common/admin/text/texts.ts';

/** Words of matching columns and values, and of the preview. */
export const t = defineTexts({
  columnsTitle: ['每一列导入到哪个栏目', 'What each column holds'],
  columnsHint: [
    '已经替您认出 {n} 列，请核对。选“不导入”的列会被忽略。',
    '{n} columns were recognised; please check them. Columns set to “Don’t import” are left out.',
  ],
  columnsNone: ['没有认出任何一列，请逐列选择。', 'No column was recognised; please choose for each.'],
  sheet: ['工作表', 'Sheet'],
  sheetRows: ['{name}（{n} 行）', '{name} ({n} rows)'],
  headerRow: ['表头在', 'Header in'],
  headerAt: ['第 {n} 行', 'row {n}'],
  headerNone: ['没有表头', 'no header'],
  column: ['文件里的列', 'Column in the file'],
  columnN: ['{letter} 列', 'Column {letter}'],
  samples: ['内容举例', 'For example'],
  noSamples: ['（空）', '(empty)'],
  target: ['导入到', 'Goes into'],
  targetOf: ['{column} 导入到', '{column} goes into'],
  leaveOut: ['不导入', 'Don’t import'],
  required: ['必填', 'required'],
  byTemplate: ['按模板', 'by the template'],
  byLabel: ['按名称', 'by its name'],
  bySynonym: ['按同义词', 'by a synonym'],
  byRemembered: ['按上次', 'as last time'],
  missing: ['还有 {n} 个必填栏目没有对应的列：', '{n} required fields have no column yet: '],
  missingDo: ['请在下面为它们选择文件里的列。', 'Choose a column of the file for each of them below.'],
  twice: [
    '“{field}”已经选给了{column}，一个栏目只能对应一列。',
    '“{field}” was given to {column}; a field takes one column only.',
  ],
  saving: ['正在保存', 'Saving'],
  savedAt: ['已保存 {time}', 'Saved {time}'],
  conflict: [
    '这个导入刚在别处改过，已经换成最新的内容，请再核对一遍。',
    'This import was changed elsewhere just now. You see the latest; please look through it again.',
  ],

  valuesTitle: ['对应不上的选项', 'Texts that are no option'],
  valuesHint: [
    '这些文字不是表单里的选项。选出它们的意思；不选的，所在的行会算作有错误。',
    'These texts are not among the form’s options. Say what they mean; rows with those left open count as errors.',
  ],
  times: ['{n} 处', '{n}×'],
  valueOf: ['{field}：“{text}”的意思是', '{field}: “{text}” means'],
  noMeaning: ['不对应（算作有错误）', 'Nothing (an error)'],

  rulesTitle: ['文件里的人已经登记过，怎么办', 'When somebody is registered already'],
  rulesBy: ['按“{fields}”判断是不是同一份登记。', 'Told by {fields}.'],
  noRule: [
    '这个表单不查重，每一行都会新增一条登记。',
    'This form does not look for repeats: each row becomes a new record.',
  ],
  skip: ['跳过', 'Skip'],
  skipText: ['保留原来的登记，这一行不导入。', 'The present record stays; the row is not imported.'],
  update: ['更新', 'Update'],
  updateText: [
    '用这一行的内容更新原来的登记，修改记录里看得到前后内容。',
    'The present record takes what the row says; its history shows both.',
  ],
  create: ['另存一条', 'Add another'],
  createText: [
    '原来的登记不动，再新增一条，同一个人就有两份登记。',
    'The present record stays and a second one is added for the same person.',
  ],
  review: ['放入待核对', 'Put aside for review'],
  reviewText: [
    '先不写入，导入后由人逐行对照新旧内容再决定。',
    'Nothing is written yet; afterwards somebody compares old and new and decides row by row.',
  ],

  previewTitle: ['前 {n} 行会这样读入', 'How the first {n} rows are read'],
  previewFaults: ['其中 {n} 行有错误，错误写在格子里。', '{n} of them have errors, written in their cells.'],
  previewClean: ['都没有错误。', 'None has an error.'],
  previewEmpty: [
    '选好栏目后，这里会显示读入的结果。',
    'Once columns are chosen, what is read from them is shown here.',
  ],
  row: ['行', 'Row'],
  rowN: ['第 {n} 行', 'Row {n}'],
  showRest: ['显示其余 {n} 行', 'Show the other {n} rows'],
});
