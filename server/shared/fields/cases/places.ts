import { sample, type KindCases } from './case.ts';

const county = sample('region');
const city = sample('region', { level: 'city' });
const province = sample('region', { level: 'province' });

export const region: KindCases = {
  groups: [{ field: county, value: '440305', groups: [['440305', '广东省/深圳市/南山区']] }],
  good: [
    {
      field: county,
      raw: ' 440305 ',
      value: '440305',
      text: '广东省/深圳市/南山区',
      masked: '广东省/**',
      cells: [
        '440305',
        '广东省／深圳市／南山区',
        '广东省 > 深圳市 > 南山区',
        '广东省 深圳市 南山区',
        '广东省-深圳市-南山区',
        '广东省深圳市南山区',
      ],
    },
    {
      field: county,
      raw: '１１０１０５',
      value: '110105',
      text: '北京市/市辖区/朝阳区',
      masked: '北京市/**',
      cells: ['北京市朝阳区', '北京市/朝阳区', '110105'],
    },
    // A city without counties, and a region without divisions.
    { field: county, raw: '441900', value: '441900', text: '广东省/东莞市', masked: '广东省/**' },
    { field: county, raw: '810000', value: '810000', text: '香港特别行政区', masked: '香港特别行政区/**' },
    { field: city, raw: '440300', value: '440300', text: '广东省/深圳市', masked: '广东省/**' },
    { field: province, raw: '440000', value: '440000', text: '广东省', masked: '广东省/**' },
  ],
  bad: [
    { field: county, raw: '440300', code: 'region_incomplete' },
    { field: county, raw: '440000', code: 'region_incomplete' },
    { field: city, raw: '440000', code: 'region_incomplete' },
    { field: city, raw: '440305', code: 'unknown_region' },
    { field: county, raw: '440399', code: 'unknown_region' },
    { field: county, raw: '深圳', code: 'unknown_region' },
    { field: county, raw: '4403051', code: 'unknown_region' },
    { field: county, raw: 440305, code: 'wrong_type' },
    { field: county, raw: ['440000', '440300', '440305'], code: 'wrong_type' },
    { field: county, raw: {}, code: 'wrong_type' },
  ],
};

const home = sample('address', { min: 2, max: 20 });

export const address: KindCases = {
  empty: [undefined, null, '', {}, { region: '', detail: ' ' }],
  good: [
    {
      field: home,
      raw: { region: '440305', detail: ' 科技园路 1 号\n3 栋 ' },
      value: { region: '440305', detail: '科技园路 1 号 3 栋' },
      text: '广东省/深圳市/南山区 科技园路 1 号 3 栋',
      masked: '广东省/深圳市/南山区 **',
      cells: [
        '440305 科技园路 1 号 3 栋',
        '广东省／深圳市／南山区　科技园路 1 号 3 栋',
        '广东省深圳市南山区科技园路 1 号 3 栋',
      ],
    },
    {
      field: home,
      raw: { region: '441900', detail: '莞太路2号' },
      value: { region: '441900', detail: '莞太路2号' },
      text: '广东省/东莞市 莞太路2号',
      masked: '广东省/东莞市 **',
      cells: ['广东省东莞市莞太路2号'],
    },
    // What is the detail's own stays as it is.
    {
      field: home,
      raw: { region: '110105', detail: '－（Ａ座）' },
      value: { region: '110105', detail: '－（Ａ座）' },
      text: '北京市/市辖区/朝阳区 －（Ａ座）',
      masked: '北京市/市辖区/朝阳区 **',
      cells: ['北京市朝阳区 －（Ａ座）'],
    },
  ],
  bad: [
    { field: home, raw: { region: '', detail: '科技园路' }, code: 'address_region_missing' },
    { field: home, raw: { detail: '科技园路' }, code: 'address_region_missing' },
    { field: home, raw: { region: '440305' }, code: 'address_detail_missing' },
    { field: home, raw: { region: '440305', detail: ' ' }, code: 'address_detail_missing' },
    { field: home, raw: { region: '440300', detail: '科技园路' }, code: 'region_incomplete' },
    { field: home, raw: { region: '440399', detail: '科技园路' }, code: 'unknown_region' },
    { field: home, raw: { region: '440305', detail: '路' }, code: 'too_short' },
    { field: home, raw: { region: '440305', detail: '路'.repeat(21) }, code: 'too_long' },
    { field: home, raw: { region: 440305, detail: '科技园路' }, code: 'wrong_type' },
    { field: home, raw: { region: '440305', detail: { $gt: '' } }, code: 'wrong_type' },
    { field: home, raw: { region: '440305', detail: '科技园路', city: '深圳' }, code: 'wrong_type' },
    { field: home, raw: { region: '', detail: { $gt: '' } }, code: 'wrong_type' },
    { field: home, raw: { $where: '1' }, code: 'wrong_type' },
    { field: home, raw: '科技园路', code: 'wrong_type' },
    { field: home, raw: ['440305', '科技园路'], code: 'wrong_type' },
  ],
};
