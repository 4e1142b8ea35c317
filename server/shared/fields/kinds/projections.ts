import { addressProjection } from './address.ts';
import { checkboxProjection } from './checkbox.ts';
import { consentProjection } from './consent.ts';
import { dateProjection } from './date.ts';
import { decimalProjection } from './decimal.ts';
import { documentProjection } from './document.ts';
import { integerProjection } from './integer.ts';
import { phoneProjection } from './phone.ts';
import { radioProjection } from './radio.ts';
import { regionProjection } from './region.ts';
import { selectProjection } from './select.ts';
import { staticProjection } from './static.ts';
import { textProjection } from './text.ts';
import { textareaProjection } from './textarea.ts';
import type { ByKind, KindProjection } from './kind.ts';

/** Every kind, as the back office needs it. */
export const PROJECTIONS: ByKind<KindProjection> = {
  text: textProjection,
  textarea: textareaProjection,
  integer: integerProjection,
  decimal: decimalProjection,
  date: dateProjection,
  radio: radioProjection,
  checkbox: checkboxProjection,
  select: selectProjection,
  region: regionProjection,
  phone: phoneProjection,
  document: documentProjection,
  address: addressProjection,
  consent: consentProjection,
  static: staticProjection,
};
