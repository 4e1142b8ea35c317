import { defineAsyncComponent, h, type Component, type FunctionalComponent } from 'vue';
import { FIELD_KINDS, KINDS, type FieldKind } from '../../../server/shared/fields/index.ts';
import { locale } from '../admin/text/locale.ts';
import { fileName } from '../widgets/widget.ts';
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

/** What most forms need. */
const COMMON: Partial<Record<FieldKind, Component>> = {
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

/** The others are found by their kind's name: an own one here, else the one that citizens use too. */
const OWN = import.meta.glob<{ default: Component }>([
  './*Field.vue',
  '!./{Address,Checkbox,Consent,Date,Document,Number,Phone,Radio,Region,Select,Static,Textarea,Text}Field.vue',
]);
const SHARED = import.meta.glob<{ default: Component }>('../widgets/*Widget.vue');

/** A kind without any (a computed one) shows nothing: it is never filled in. */
const NOTHING: FunctionalComponent = () => null;

function widgetOf(kind: FieldKind): Component {
  const wanted = KINDS[kind].widget ?? kind;
  const own = OWN[`./${fileName(wanted)}Field.vue`];
  const shared = SHARED[`../widgets/${fileName(wanted)}Widget.vue`];
  if (COMMON[wanted]) return COMMON[wanted];
  if (own) return defineAsyncComponent(() => own().then((module) => module.default));
  return shared ? defineAsyncComponent(() => shared().then((module) => modelled(module.default))) : NOTHING;
}

/** A shared widget with the `v-model` and the language of the backends. */
function modelled(widget: Component): Component {
  const field: FunctionalComponent<{ modelValue?: unknown; described?: string }> = (
    { modelValue, described },
    { attrs },
  ) => {
    const { 'onUpdate:modelValue': put, ...rest } = attrs;
    return h(widget, { ...rest, value: modelValue, describedBy: described, locale: locale.value, onChange: put });
  };
  // Declared, since a template says `model-value`.
  field.props = ['modelValue', 'described'];
  field.inheritAttrs = false;
  return field;
}

/** The widget of each kind of field in the backends. */
export const widgets = Object.fromEntries(FIELD_KINDS.map((kind) => [kind, widgetOf(kind)])) as Record<
  FieldKind,
  Component
>;

/** Kinds made of several controls: labelled as a group. A day is one control here. */
export const GROUPED: ReadonlySet<FieldKind> = new Set(
  FIELD_KINDS.filter((kind) => KINDS[kind].several && kind !== 'date'),
);
