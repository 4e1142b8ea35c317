import type { Field, FieldKind, PersonTarget } from '../../../shared/fields/index.ts';

/** What people write over columns, by what the field says about a person. Compared without blanks, marks and case. */
const BY_TARGET: Record<PersonTarget, readonly string[]> = {
  'person.name': ['姓名', '名字', '真实姓名', '人员姓名', '申报人', '登记人', '联系人姓名', 'name', 'full name'],
  'person.document': [
    '身份证',
    '身份证号',
    '身份证号码',
    '身份证件号',
    '身份证件号码',
    '居民身份证',
    '居民身份证号',
    '居民身份证号码',
    '公民身份号码',
    '公民身份证号码',
    '证件号',
    '证件号码',
    '有效证件号码',
    'id',
    'id number',
    'id no',
    'id card',
    'document number',
  ],
  'person.phone': [
    '手机',
    '手机号',
    '手机号码',
    '移动电话',
    '联系电话',
    '联系手机',
    '联系方式',
    '电话',
    '电话号码',
    '本人电话',
    '本人手机号',
    'phone',
    'phone number',
    'mobile',
    'mobile phone',
    'tel',
    'telephone',
  ],
  'person.gender': ['性别', 'gender', 'sex'],
  'person.birthDate': ['出生日期', '出生年月日', '生日', '出生年月', 'birth date', 'date of birth', 'birthday', 'dob'],
  'person.region': [
    '地区',
    '所在地区',
    '所属地区',
    '所在区县',
    '所属区县',
    '区县',
    '行政区划',
    '户籍地',
    '户籍所在地',
    'region',
    'area',
    'district',
  ],
  'person.address': [
    '地址',
    '住址',
    '详细地址',
    '现住址',
    '现居住地址',
    '家庭住址',
    '家庭地址',
    '居住地址',
    '居住地',
    '联系地址',
    '通讯地址',
    'address',
    'home address',
  ],
};

/** A form without a field for the person's phone may still have one phone: then it is meant. */
const BY_KIND: Partial<Record<FieldKind, PersonTarget>> = {
  phone: 'person.phone',
  document: 'person.document',
  region: 'person.region',
  address: 'person.address',
};

/** The words for the fields of a form, each for one field only. */
export function synonymsOf(fields: readonly Field[]): { field: Field; word: string }[] {
  const targetOf = (field: Field): PersonTarget | undefined => {
    if (field.maps) return field.maps;
    const target = BY_KIND[field.kind];
    const alone = fields.filter(({ kind }) => kind === field.kind).length === 1;
    return alone && !fields.some(({ maps }) => maps === target) ? target : undefined;
  };
  return fields.flatMap((field) => {
    const target = targetOf(field);
    return target ? BY_TARGET[target].map((word) => ({ field, word })) : [];
  });
}
