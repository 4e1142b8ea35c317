import type { Component } from 'vue';
import type { FieldKind } from '../../../server/shared/fields/types.ts';
import AddressWidget from './AddressWidget.vue';
import CheckboxWidget from './CheckboxWidget.vue';
import ConsentWidget from './ConsentWidget.vue';
import DateWidget from './DateWidget.vue';
import DocumentWidget from './DocumentWidget.vue';
import NumberWidget from './NumberWidget.vue';
import PhoneWidget from './PhoneWidget.vue';
import RadioWidget from './RadioWidget.vue';
import RegionWidget from './RegionWidget.vue';
import SelectWidget from './SelectWidget.vue';
import TextareaWidget from './TextareaWidget.vue';
import TextWidget from './TextWidget.vue';

/** The citizen's control for each kind. `static` is text and has none. */
export const WIDGETS: Record<Exclude<FieldKind, 'static'>, Component> = {
  text: TextWidget,
  textarea: TextareaWidget,
  integer: NumberWidget,
  decimal: NumberWidget,
  date: DateWidget,
  radio: RadioWidget,
  checkbox: CheckboxWidget,
  select: SelectWidget,
  region: RegionWidget,
  phone: PhoneWidget,
  document: DocumentWidget,
  address: AddressWidget,
  consent: ConsentWidget,
};

/** Kinds of several controls: a fieldset with a legend instead of a label. */
export const GROUPS: ReadonlySet<FieldKind> = new Set<FieldKind>([
  'date',
  'radio',
  'checkbox',
  'region',
  'document',
  'address',
]);
