import { sample, type KindCases } from './case.ts';

const any = sample('date');
const recent = sample('date', { min: 'today-14d', max: 'today' });
const birth = sample('date', { min: 'today-120y', max: 'today' });

export const date: KindCases = {
  groups: [{ field: any, value: '2024-02-29', groups: [['2024-02', '2024-02']] }],
  good: [
    {
      field: any,
      raw: '2024-02-29',
      value: '2024-02-29',
      text: '2024-02-29',
      masked: '2024-**-**',
      cells: [
        '2024-2-29',
        '2024/2/29',
        '2024/02/29',
        '2024.2.29',
        '2024年2月29日',
        '20240229',
        '2024-02-29 00:00:00',
        '２０２４－２－２９',
      ],
    },
    { field: any, raw: ' ２０２４－０１－０５ ', value: '2024-01-05', text: '2024-01-05', masked: '2024-**-**' },
    { field: recent, raw: '2024-06-01', value: '2024-06-01', text: '2024-06-01', masked: '2024-**-**' },
    { field: recent, raw: '2024-06-15', value: '2024-06-15', text: '2024-06-15', masked: '2024-**-**' },
    // The clocks of Shanghai were put forward on this day.
    { field: birth, raw: '1986-05-04', value: '1986-05-04', text: '1986-05-04', masked: '1986-**-**' },
    { field: birth, raw: '1904-06-15', value: '1904-06-15', text: '1904-06-15', masked: '1904-**-**' },
  ],
  bad: [
    { field: any, raw: '2023-02-29', code: 'bad_date' },
    { field: any, raw: '2024-04-31', code: 'bad_date' },
    { field: any, raw: '2024-13-01', code: 'bad_date' },
    { field: any, raw: '2024-00-10', code: 'bad_date' },
    { field: any, raw: '2024-1-5', code: 'bad_date' },
    { field: any, raw: '2024/01/05', code: 'bad_date' },
    { field: any, raw: '0204-01-05', code: 'bad_date' },
    { field: any, raw: '2024-01-05T00:00:00Z', code: 'bad_date' },
    { field: any, raw: '明天', code: 'bad_date' },
    { field: recent, raw: '2024-05-31', code: 'too_early', params: { min: '2024-06-01' } },
    { field: recent, raw: '2024-06-16', code: 'too_late', params: { max: '2024-06-15' } },
    { field: any, raw: 45292, code: 'wrong_type' },
    { field: any, raw: {}, code: 'wrong_type' },
  ],
};
