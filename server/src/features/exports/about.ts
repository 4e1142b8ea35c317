import type { Locale, Text } from '../../../shared/fields/index.ts';
import { textOf } from '../../../shared/fields/index.ts';
import { withColon, withCommas } from '../../../shared/messages/index.ts';
import { shanghaiMinute } from '../../infra/clock/index.ts';
import type { WorkbookWriter } from '../../infra/workbook/index.ts';
import { NO, YES, type Word } from './words.ts';

/** What a file says about itself, so that it can be checked against the system, and a leaked one names who had it. */
export interface About {
  exportId: string | null;
  requester: { name: string; accountId: string };
  approver: string | null;
  list: string;
  filter: Word[];
  columns: string[];
  clear: boolean;
  reason: string | null;
  requestedAt: Date;
  /** The moment whose data it is. */
  snapshotAt: Date;
  /** How many snapshots were taken, and how often writing began again. */
  snapshots: number;
  restarts: number;
  /** Rows by sheet, as written. */
  sheets: { name: string; rows: number }[];
  /** Rows by version of the form, as counted in the snapshot; empty without a form. */
  versions: ReadonlyMap<number, number>;
  total: number;
}

const T = {
  sheet: { 'zh-CN': '说明', en: 'About this file' },
  item: { 'zh-CN': '项目', en: 'Item' },
  value: { 'zh-CN': '内容', en: 'Value' },
  requester: { 'zh-CN': '申请人', en: 'Requested by' },
  account: { 'zh-CN': '申请人账号编号', en: 'Account of the requester' },
  approver: { 'zh-CN': '审批人', en: 'Approved by' },
  exportId: { 'zh-CN': '导出编号', en: 'Export' },
  list: { 'zh-CN': '列表', en: 'List' },
  filter: { 'zh-CN': '筛选条件', en: 'Filter' },
  everything: { 'zh-CN': '无（可见范围内全部）', en: 'None: everything in reach' },
  columns: { 'zh-CN': '列', en: 'Columns' },
  clear: { 'zh-CN': '敏感信息为明文', en: 'Personal details in clear' },
  reason: { 'zh-CN': '用途', en: 'Reason' },
  requestedAt: { 'zh-CN': '申请时间', en: 'Requested at' },
  snapshotAt: { 'zh-CN': '数据截至', en: 'Data as of' },
  moved: {
    'zh-CN': '最初的数据快照已过期，改用了更晚的时间；次数',
    en: 'The first snapshot had expired, a later one was taken; times',
  },
  restarts: { 'zh-CN': '重新开始写入的次数', en: 'Times that writing began again' },
  rowsOf: { 'zh-CN': '行数：', en: 'Rows of ' },
  versionOf: { 'zh-CN': '其中表单版本 ', en: 'Of these, form version ' },
  total: { 'zh-CN': '总行数', en: 'Rows in total' },
} as const satisfies Record<string, Text>;

/** Writes the last sheet of an export: who, when, what, how many. Counts add up to what the sheets before it hold. */
export async function writeAbout(writer: WorkbookWriter, about: About, locale: Locale): Promise<void> {
  const t = (key: keyof typeof T) => textOf(T[key], locale);
  const yes = (value: boolean) => textOf(value ? YES : NO, locale);
  const rows: [string, string | number | null][] = [
    [t('requester'), about.requester.name],
    [t('account'), about.requester.accountId],
    ...(about.approver === null ? [] : [[t('approver'), about.approver] as [string, string]]),
    ...(about.exportId === null ? [] : [[t('exportId'), about.exportId] as [string, string]]),
    [t('requestedAt'), shanghaiMinute(about.requestedAt)],
    [t('snapshotAt'), shanghaiMinute(about.snapshotAt)],
    ...(about.snapshots > 1 ? [[t('moved'), about.snapshots - 1] as [string, number]] : []),
    [t('restarts'), about.restarts],
    [t('list'), about.list],
    ...(about.filter.length
      ? about.filter.map(({ label, value }) => [withColon(locale, t('filter'), label), value] as [string, string])
      : [[t('filter'), t('everything')] as [string, string]]),
    [t('columns'), withCommas(locale, about.columns)],
    [t('clear'), yes(about.clear)],
    [t('reason'), about.reason],
    ...about.sheets.map(({ name, rows: count }) => [`${t('rowsOf')}${name}`, count] as [string, number]),
    ...[...about.versions].map(([version, count]) => [`${t('versionOf')}${version}`, count] as [string, number]),
    [t('total'), about.total],
  ];
  const sheet = writer.sheet(t('sheet'), {
    columns: [
      { header: t('item'), width: 36, textFormat: true },
      { header: t('value'), width: 60, textFormat: true },
    ],
  });
  for (const row of rows) await sheet.row(row);
  await sheet.close();
}
