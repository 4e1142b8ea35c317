import type { Component } from 'vue';
import type { FieldKind } from '../../../server/shared/fields/types.ts';
import AddressField from './AddressField.vue';
import CheckboxField from './CheckboxField.vue';
import ConsentField from './ConsentField.vue';
import DateField from './DateField.vue';
import DocumentField from './DocumentField.vue';
import NumberField from './NumberField.vue';
import PhoneField from './PhoneField.vue';
import RadioField from './RadioField.vue';
import RegionField from './RegionField.vue';
import SelectField from './SelectField.vue';
import StaticField from './StaticField.vue';
import TextareaField from './TextareaField.vue';
import TextField from './TextField.vue';

/** The widget of each kind of field in the backends. */
export const widgets: Record<FieldKind, Component> = {
  text: TextField,
  textarea: TextareaField,
  integer: NumberField,
  decimal: NumberField,
  date: DateField,
  radio: RadioField,
  checkbox: CheckboxField,
  select: SelectField,
  region: RegionField,
  phone: PhoneField,
  document: DocumentField,
  address: AddressField,
  consent: ConsentField,
  static: StaticField,
};

/** Kinds made of several controls: labelled as a group. */
export const GROUPED: ReadonlySet<FieldKind> = new Set(['radio', 'checkbox', 'region', 'document', 'address']);
