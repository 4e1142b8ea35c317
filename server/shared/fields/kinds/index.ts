import { address } from './address.ts';
import { checkbox } from './checkbox.ts';
import { consent } from './consent.ts';
import { date } from './date.ts';
import { decimal } from './decimal.ts';
import { document } from './document.ts';
import { integer } from './integer.ts';
import { phone } from './phone.ts';
import { radio } from './radio.ts';
import { region } from './region.ts';
import { select } from './select.ts';
import { staticText } from './static.ts';
import { text } from './text.ts';
import { textarea } from './textarea.ts';
import type { ByKind, Kind } from './kind.ts';

/** Every kind, as the citizen's browser needs it. */
export const KINDS: ByKind<Kind> = {
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
