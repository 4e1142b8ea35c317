import { sample, type KindCases } from './case.ts';

const any = sample('document');
const onlyPassport = sample('document', { documentTypes: ['passport'] });
const residentId = (number: string): unknown => ({ type: 'residentId', number });

export const document: KindCases = {
  empty: [undefined, null, '', {}, { type: 'passport' }, { type: 'passport', number: ' ' }],
  good: [
    {
      field: any,
      raw: residentId(' 110105 19491231 002x '),
      value: residentId('11010519491231002X'),
      text: '11010519491231002X',
      masked: '1101**********002X',
      cells: [
        '１１０１０５１９４９１２３１００２Ｘ',
        '居民身份证：11010519491231002x',
        'Resident ID 11010519491231002X',
      ],
    },
    {
      field: any,
      raw: residentId('81000019950101004X'),
      value: residentId('81000019950101004X'),
      text: '81000019950101004X',
      masked: '8100**********004X',
    },
    {
      field: any,
      raw: { type: 'passport', number: 'e1234 5678' },
      value: { type: 'passport', number: 'E12345678' },
      text: '护照 E12345678',
      masked: '护照 E******78',
      cells: ['E12345678', 'passport e12345678', '护照:E12345678'],
    },
    // Eight digits would be taken for a permit, were passports not the only choice.
    {
      field: onlyPassport,
      raw: { type: 'passport', number: '12345678' },
      value: { type: 'passport', number: '12345678' },
      text: '护照 12345678',
      masked: '护照 1*****78',
      cells: ['12345678'],
    },
    {
      field: any,
      raw: { type: 'hkMacauPermit', number: 'h12345678' },
      value: { type: 'hkMacauPermit', number: 'H12345678' },
      text: '港澳居民来往内地通行证 H12345678',
      masked: '港澳居民来往内地通行证 H******78',
      cells: ['H12345678', 'HK/Macau permit H12345678'],
    },
    {
      field: any,
      raw: { type: 'hkMacauPermit', number: 'M1234567801' },
      value: { type: 'hkMacauPermit', number: 'M1234567801' },
      text: '港澳居民来往内地通行证 M1234567801',
      masked: '港澳居民来往内地通行证 M********01',
    },
    {
      field: any,
      raw: { type: 'taiwanPermit', number: '12345678' },
      value: { type: 'taiwanPermit', number: '12345678' },
      text: '台湾居民来往大陆通行证 12345678',
      masked: '台湾居民来往大陆通行证 1*****78',
      cells: ['12345678'],
    },
  ],
  bad: [
    { field: any, raw: residentId('4403051990030712'), code: 'id_length', params: { length: 16 } },
    { field: any, raw: residentId('44030519900307123'), code: 'id_length', params: { length: 17 } },
    { field: any, raw: residentId('1101051949123100222'), code: 'id_length', params: { length: 19 } },
    { field: any, raw: residentId('1101051949123100XX'), code: 'id_invalid' },
    { field: any, raw: residentId('990305199003071238'), code: 'id_region' },
    { field: any, raw: residentId('110105194902300026'), code: 'id_birth_date' },
    // The day after today.
    { field: any, raw: residentId('440305202406161238'), code: 'id_birth_date' },
    { field: any, raw: residentId('110105194912310021'), code: 'id_checksum' },
    { field: any, raw: residentId('11010519491231022X'), code: 'id_checksum' },
    { field: any, raw: { type: 'passport', number: 'E123' }, code: 'passport_invalid' },
    { field: any, raw: { type: 'passport', number: '护照E12345' }, code: 'passport_invalid' },
    { field: any, raw: { type: 'hkMacauPermit', number: 'C12345678' }, code: 'hk_macau_permit_invalid' },
    { field: any, raw: { type: 'taiwanPermit', number: '123456789' }, code: 'taiwan_permit_invalid' },
    { field: any, raw: { type: '', number: 'E12345678' }, code: 'document_type' },
    { field: any, raw: { number: 'E12345678' }, code: 'document_type' },
    { field: any, raw: { type: 'driving', number: 'E12345678' }, code: 'document_type' },
    { field: any, raw: { type: 'constructor', number: 'E12345678' }, code: 'document_type' },
    { field: onlyPassport, raw: residentId('11010519491231002X'), code: 'document_type' },
    { field: any, raw: { type: 'passport', number: 12345678 }, code: 'wrong_type' },
    { field: any, raw: { type: 'passport', number: { $gt: '' } }, code: 'wrong_type' },
    { field: any, raw: { type: 'passport', number: 'E12345678', name: 'x' }, code: 'wrong_type' },
    { field: any, raw: { type: '', number: { $gt: '' } }, code: 'wrong_type' },
    { field: any, raw: { type: 'passport', $where: '1' }, code: 'wrong_type' },
    { field: any, raw: '11010519491231002X', code: 'wrong_type' },
    { field: any, raw: ['passport', 'E12345678'], code: 'wrong_type' },
  ],
};
