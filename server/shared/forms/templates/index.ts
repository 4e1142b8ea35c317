import type { FormContent, Text } from '../../fields/types.ts';
import { event } from './event.ts';
import { household } from './household.ts';
import { words } from './parts.ts';
import { vaccination } from './vaccination.ts';
import { visitors } from './visitors.ts';

/** A form to start from: it could be published as it is. */
export interface Template {
  key: string;
  about: Text;
  content: FormContent;
}

export const TEMPLATES: Template[] = [
  {
    key: 'visitors',
    about: words('来访的人、时间、目的和车辆', 'Who comes, when, why, by which car'),
    content: visitors,
  },
  {
    key: 'vaccination',
    about: words('健康状况、监护人与知情同意', 'Health, guardians and consent'),
    content: vaccination,
  },
  { key: 'household', about: words('住房、家庭成员与收入合计', 'Home, members and their income'), content: household },
  { key: 'event', about: words('场次、同行人数与年龄限制', 'Sessions, companions and limits by age'), content: event },
];
