/**
 * The table that the benches read, import and write: 20 columns of invented registrations, as an office keeps them.
 * Row `i` is always the same. Six columns never repeat a text, so a million rows hold six million different strings.
 */
import { residentIdCheck } from '../../shared/fields/residentId.ts';
import type { Field, FormContent, Option } from '../../shared/fields/index.ts';

/** A cell of the table; a `day` is written as a serial number under a date format, as spreadsheet programs do. */
export type TableValue = string | number | { day: string; serial: number } | null;

const SURNAMES = Array.from(
  '王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈',
);
const GIVEN = Array.from('晓明丽华建国志强秀英俊杰梦瑶浩然雨桐子涵国庆文静海燕立新思远佳怡宇轩欣怡嘉豪𠮷玥珺');
const NATIONS = ['汉族', '壮族', '回族', '满族', '维吾尔族', '苗族', '彝族', '土家族', '藏族', '蒙古族'];
const OCCUPATIONS = ['职员', '教师', '医生', '工人', '农民', '学生', '个体经营者', '退休', '公务员', '自由职业'];
const DEGREES = ['小学', '初中', '高中', '中专', '大专', '本科', '硕士研究生', '博士研究生'];
const MAKERS = ['北京生物', '北京科兴中维', '武汉生物', '康希诺', '智飞生物'];
const REGIONS: [code: string, path: string][] = [
  ['440305', '广东省/深圳市/南山区'],
  ['440304', '广东省/深圳市/福田区'],
  ['440106', '广东省/广州市/天河区'],
  ['110105', '北京市/市辖区/朝阳区'],
  ['110108', '北京市/市辖区/海淀区'],
  ['310115', '上海市/市辖区/浦东新区'],
  ['310104', '上海市/市辖区/徐汇区'],
  ['330106', '浙江省/杭州市/西湖区'],
  ['510107', '四川省/成都市/武侯区'],
  ['420111', '湖北省/武汉市/洪山区'],
  ['610113', '陕西省/西安市/雁塔区'],
  ['320102', '江苏省/南京市/玄武区'],
];
const STREETS = ['科技园路', '人民路', '中山北路', '解放街', '文化路', '新华大道', '学府街', '滨河东路'];
const EMPLOYERS = [
  '科技有限公司',
  '第一中学',
  '人民医院',
  '物流集团',
  '餐饮管理有限公司',
  '设计院',
  '商贸行',
  '街道办事处',
];
const NOTES = [
  '本人自述无不适',
  '需要轮椅协助；家属陪同',
  '电话改期，待回访',
  '材料已核对',
  '住址与户籍不一致，已说明',
  '请于工作日联系',
];

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** Spreads an index over 32 bits, so that neighbouring rows have little in common. */
function mix(index: number, salt: number): number {
  let x = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}

/** A day so many days after 1950-01-01, with the serial number that a workbook stores for it. */
function day(after: number): { day: string; serial: number } {
  const serial = 18_264 + after;
  return { day: new Date((serial - 25_569) * 86_400_000).toISOString().slice(0, 10), serial };
}

const options = (labels: readonly string[]): Option[] =>
  labels.map((label, i) => ({ code: `o${i + 1}`, label: { 'zh-CN': label } }));

const GENDERS: Option[] = [
  { code: 'male', label: { 'zh-CN': '男' } },
  { code: 'female', label: { 'zh-CN': '女' } },
];

const field = (key: string, kind: Field['kind'], label: string, rest: Partial<Field> = {}): Field => ({
  key,
  kind,
  label: { 'zh-CN': label },
  ...rest,
});

/** The form that the table fills; one field a column, in the table's order. */
export const tableForm: FormContent = {
  title: { 'zh-CN': '人员登记', en: 'Registrations' },
  steps: [
    {
      key: 'all',
      title: { 'zh-CN': '登记', en: 'Registration' },
      fields: [
        field('serial', 'integer', '序号', { min: 1, max: 2_000_000 }),
        field('name', 'text', '姓名', { required: true, max: 50, maps: 'person.name' }),
        field('gender', 'radio', '性别', { options: GENDERS, maps: 'person.gender', filterable: true }),
        field('document', 'document', '证件号码', { required: true, maps: 'person.document' }),
        field('birthDate', 'date', '出生日期', { max: 'today', sensitive: true, maps: 'person.birthDate' }),
        field('phone', 'phone', '手机号码', { required: true, maps: 'person.phone' }),
        field('nation', 'select', '民族', { options: options(NATIONS) }),
        field('region', 'region', '常住地区', { maps: 'person.region', filterable: true }),
        field('address', 'text', '详细地址', { max: 200, sensitive: true }),
        field('employer', 'text', '工作单位', { max: 100 }),
        field('occupation', 'select', '职业', { options: options(OCCUPATIONS) }),
        field('degree', 'select', '文化程度', { options: options(DEGREES) }),
        field('email', 'text', '电子邮箱', { max: 100 }),
        field('registeredOn', 'date', '登记日期', { max: 'today' }),
        field('temperature', 'decimal', '体温', { min: 30, max: 45, scale: 1 }),
        field('doses', 'integer', '接种剂次', { min: 0, max: 9 }),
        field('maker', 'select', '疫苗厂家', { options: options(MAKERS) }),
        field('emergencyPhone', 'phone', '紧急联系电话'),
        field('agreed', 'radio', '是否同意', { options: options(['是', '否']) }),
        field('note', 'textarea', '备注', { max: 500 }),
      ],
    },
  ],
  dedupe: ['document'],
};

/** The header of the table. */
export const tableHeader: readonly string[] = tableForm.steps.flatMap((step) =>
  step.fields.map(({ label }) => label['zh-CN']),
);

/** The columns whose text is in no other row, from 0. */
export const UNIQUE_COLUMNS: ReadonlySet<number> = new Set([3, 5, 8, 12, 17, 19]);

/** The 20 cells of person `i`, from 0. */
export function tableRow(i: number): TableValue[] {
  const a = mix(i, 1);
  const b = mix(i, 2);
  const [county, region] = at(REGIONS, a >>> 3);
  // The day of birth and the sequence number count rows, so no two of 20,000 × 499 rows share a number.
  const birth = day(i % 20_000);
  const sequence = (Math.floor(i / 20_000) % 499) * 2 + (a & 1);
  const digits = `${county}${birth.day.replaceAll('-', '')}${pad(sequence, 3)}`;
  const doses = b % 5;
  const serial = i + 1;
  return [
    serial,
    at(SURNAMES, a >>> 5) + at(GIVEN, b >>> 4) + (b & 8 ? at(GIVEN, b >>> 10) : ''),
    sequence % 2 === 1 ? '男' : '女',
    digits + residentIdCheck(digits),
    birth,
    `1${3 + (b % 4)}${pad(serial, 9)}`,
    a % 16 < 12 ? '汉族' : at(NATIONS, a >>> 9),
    region,
    `${at(STREETS, b >>> 6)}${1 + (a % 900)}号${at(['花园', '小区', '大厦', '公寓'], b >>> 8)}${1 + (b % 30)}栋${1 + ((a >>> 6) % 6)}单元${pad(serial, 4)}室`,
    a % 10 === 0 ? null : at(REGIONS, b >>> 12)[1].slice(-3) + at(EMPLOYERS, a >>> 12),
    at(OCCUPATIONS, a >>> 16),
    at(DEGREES, b >>> 16),
    `user${serial}@${at(['example.com', 'mail.example.cn', 'dengji.example'], b >>> 3)}`,
    day(27_000 + (b % 700)),
    35 + (a % 40) / 10,
    doses,
    doses === 0 ? null : at(MAKERS, a >>> 20),
    `1${7 + (a % 3)}${pad(serial, 9)}`,
    b % 7 === 0 ? '否' : '是',
    `${at(NOTES, b >>> 20)}${b % 50 === 0 ? '\n<见附件> & "另页"' : ''}（第${serial}号）`,
  ];
}

/** The text that a reader must give for a cell. */
export const textOfValue = (value: TableValue): string =>
  value === null ? '' : typeof value === 'object' ? value.day : String(value);
