import type { ByKind } from '../kinds/kind.ts';
import type { KindCases } from './case.ts';
import { checkbox, radio, select } from './choices.ts';
import { date } from './date.ts';
import { decimal } from './decimal.ts';
import { document } from './document.ts';
import { integer } from './integer.ts';
import { consent, staticText } from './others.ts';
import { phone } from './phone.ts';
import { address, region } from './places.ts';
import { text } from './text.ts';
import { textarea } from './textarea.ts';

export { CASES_TODAY, sample, type BadCase, type GoodCase, type KindCases } from './case.ts';
export { SAMPLE_REGIONS } from './regions.ts';

/** Good and bad values of every kind. Whatever reads, shows or writes values is tested against all of them. */
export const CASES: ByKind<KindCases> = {
  text,
  textarea,
  integer,
  decimal,
  date,
  radio,
  checkbox,
  select,
  region,
  phone,
  document,
  address,
  consent,
  static: staticText,
};
