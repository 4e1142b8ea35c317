/** The first step of the demo's form, for peers: the same nine questions, in the words of their controls. */
export const FIELDS = {
  name: '姓名',
  documentType: '证件类型',
  document: '证件号码',
  gender: '性别',
  birthDate: '出生日期',
  phone: '手机号',
  region: '户籍所在地',
  stay: '现居住地',
  stayDetail: '详细地址',
} as const;
export const TITLE = '健康申报登记';
export const HELP = '填写大约需要 3 分钟。请准备好本人的身份证件。内容会自动保存，可以随时离开，稍后再接着填。';
export const DOCUMENTS = ['居民身份证', '护照', '港澳居民来往内地通行证'];
export const REGIONS = ['北京市', '上海市', '广东省', '浙江省', '四川省'];
