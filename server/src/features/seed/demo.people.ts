import { residentIdCheck } from '../../../shared/fields/residentId.ts';

/** Counties of several provinces, so that lists, filters and data scope have something to tell apart. */
const COUNTIES = [
  '440305',
  '440304',
  '440106',
  '110105',
  '110108',
  '310115',
  '310104',
  '330106',
  '510107',
  '420111',
  '610113',
  '320102',
];
const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '黄', '赵', '周', '吴', '徐', '孙', '欧阳'];
const NAMES = ['晓明', '丽华', '建国', '志强', '秀英', '俊杰', '梦瑶', '浩然', '雨桐', '子涵', '国庆', '文静'];
const STREETS = ['科技园路', '人民路', '中山路', '解放街', '文化路', '新华街'];
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

/** Invented people; the numbers of all of them are made up, with a right check character. */
export function demoAnswers(index: number, today: string): Record<string, unknown> {
  const county = at(COUNTIES, index);
  const born = `${1950 + ((index * 7) % 55)}-${String((index % 12) + 1).padStart(2, '0')}-${String((index % 28) + 1).padStart(2, '0')}`;
  const digits = `${county}${born.replaceAll('-', '')}${String((index * 37) % 1000).padStart(3, '0')}`;
  const unwell = index % 9 === 4;
  const travelled = index % 4 === 1;
  const doses = index % 5;
  return {
    name: at(SURNAMES, index) + at(NAMES, index * 5 + 1),
    document: { type: 'residentId', number: digits + residentIdCheck(digits) },
    gender: Number(digits[16]) % 2 === 1 ? 'male' : 'female',
    birthDate: born,
    phone: `1${at(['38', '39', '86', '59'], index)}0000${String(1000 + index)}`,
    region: county,
    stay: { region: county, detail: `${at(STREETS, index)} ${10 + index} 号 ${1 + (index % 6)} 栋 ${101 + index} 室` },
    travelled: travelled ? 'yes' : 'no',
    ...(travelled ? { travelPlaces: ['hkMacauTaiwan'], travelCountry: '香港', returnDate: today } : {}),
    contact: 'no',
    ...(unwell ? { symptoms: ['fever', 'cough'], onsetDate: today, temperature: 37.8 } : {}),
    chronic: index % 6 === 0 ? 'yes' : 'no',
    ...(index % 6 === 0 ? { chronicDetail: '高血压' } : {}),
    vaccineDoses: doses,
    ...(doses ? { vaccineMaker: 'sinovac', lastDoseDate: '2023-03-01' } : {}),
    emergencyName: at(SURNAMES, index + 3) + at(NAMES, index),
    emergencyPhone: `1370000${String(2000 + index)}`,
    truthful: true,
  };
}
