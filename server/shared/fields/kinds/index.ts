import { address, addressProjection } from './address.ts';
import { checkbox, checkboxProjection } from './checkbox.ts';
import { computed, computedProjection } from './computed.ts';
import { consent, consentProjection } from './consent.ts';
import { date, dateProjection } from './date.ts';
import { datetime, datetimeProjection } from './datetime.ts';
import { decimal, decimalProjection } from './decimal.ts';
import { document, documentProjection } from './document.ts';
import { email, emailProjection } from './email.ts';
import { file, fileProjection } from './file.ts';
import { createGroup, createGroupProjection } from './group.ts';
import { hidden, hiddenProjection } from './hidden.ts';
import { integer, integerProjection } from './integer.ts';
import { matrix, matrixProjection } from './matrix.ts';
import { multiselect, multiselectProjection } from './multiselect.ts';
import { organisation, organisationProjection } from './organisation.ts';
import { person, personProjection } from './person.ts';
import { phone, phoneProjection } from './phone.ts';
import { photo, photoProjection } from './photo.ts';
import { quantity, quantityProjection } from './quantity.ts';
import { radio, radioProjection } from './radio.ts';
import { rating, ratingProjection } from './rating.ts';
import { region, regionProjection } from './region.ts';
import { select, selectProjection } from './select.ts';
import { signature, signatureProjection } from './signature.ts';
import { staticProjection, staticText } from './static.ts';
import { text, textProjection } from './text.ts';
import { textarea, textareaProjection } from './textarea.ts';
import { time, timeProjection } from './time.ts';
import { url, urlProjection } from './url.ts';
import type { ByKind, Kind, KindProjection } from './kind.ts';

/**
 * The register of kinds: a kind is its own file, one import here and one line in each list. Everything else is found from
 * these: its name (`FieldKind`), its widgets by their file names, its cases, and what conditions, filters, statistics,
 * workbooks and the designer do with it.
 */

/** Every kind, as the citizen's browser needs it. */
export const KINDS = {
  text,
  textarea,
  integer,
  decimal,
  quantity,
  date,
  datetime,
  time,
  radio,
  checkbox,
  select,
  multiselect,
  matrix,
  rating,
  region,
  phone,
  email,
  url,
  document,
  address,
  organisation,
  person,
  photo,
  file,
  signature,
  consent,
  computed,
  hidden,
  static: staticText,
  group: createGroup(kindOf),
} satisfies Record<string, Kind>;

/** Every kind, as the back office needs it. Citizens' pages don't load it. */
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
  quantity: quantityProjection,
  datetime: datetimeProjection,
  time: timeProjection,
  multiselect: multiselectProjection,
  matrix: matrixProjection,
  rating: ratingProjection,
  email: emailProjection,
  url: urlProjection,
  organisation: organisationProjection,
  person: personProjection,
  photo: photoProjection,
  file: fileProjection,
  signature: signatureProjection,
  computed: computedProjection,
  hidden: hiddenProjection,
  static: staticProjection,
  group: /* @__PURE__ */ createGroupProjection(projectionOf),
};

/** The names of all kinds, in the order of the register. */
export const FIELD_KINDS = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** For kinds that are made of others; functions, since the register is not there yet while it is made. */
function kindOf(kind: string): Kind {
  return (KINDS as Record<string, Kind>)[kind]!;
}

function projectionOf(kind: string): KindProjection {
  return (PROJECTIONS as Record<string, KindProjection>)[kind]!;
}
