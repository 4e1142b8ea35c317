import { h, shallowRef, type Component, type FunctionalComponent } from 'vue';
import { FIELD_KINDS, fieldsOf, KINDS } from '../../../server/shared/fields/index.ts';
import type { Field, FieldKind, FormContent } from '../../../server/shared/fields/types.ts';
import { currentLocale } from '../i18n/index.ts';
import { fileName } from '../widgets/widget.ts';
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

/** What most forms need comes with the first of them. */
const COMMON: Partial<Record<FieldKind, Component>> = {
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

type Load = () => Promise<{ default: Component }>;

/** The others are found by their kind's name, and come with the first form that asks for them. */
const OWN = import.meta.glob<{ default: Component }>([
  './*Widget.vue',
  '!./{Address,Checkbox,Consent,Date,Document,Number,Phone,Radio,Region,Select,Textarea,Text}Widget.vue',
]);
const SHARED = import.meta.glob<{ default: Component }>('../widgets/*Widget.vue');

const LATER: Partial<Record<FieldKind, () => Promise<void>>> = {};
/** The citizen's control for each kind. What nobody fills in (`static`, `computed`) has none. */
export const WIDGETS: Partial<Record<FieldKind, Component>> = {};
/** Kinds of several controls: a fieldset with a legend instead of a label. */
export const GROUPS: ReadonlySet<FieldKind> = new Set(FIELD_KINDS.filter((kind) => KINDS[kind].several));

FIELD_KINDS.forEach((kind) => {
  const wanted = KINDS[kind].widget || kind;
  const own = OWN[`./${fileName(wanted)}Widget.vue`];
  const shared = SHARED[`../widgets/${fileName(wanted)}Widget.vue`];
  if (COMMON[wanted]) WIDGETS[kind] = COMMON[wanted]!;
  else if (own) [WIDGETS[kind], LATER[kind]] = later(own, () => ({}));
  else if (shared) [WIDGETS[kind], LATER[kind]] = later(shared, () => ({ locale: currentLocale.value }));
});

/**
 * What stands for a widget whose code comes later, and what fetches it. Vue's `defineAsyncComponent` would be in the file that every
 * page loads first.
 */
function later(load: Load, more: () => Record<string, unknown>): [Component, () => Promise<void>] {
  const widget = shallowRef<Component>();
  const fetchIt = async () => {
    if (!widget.value) widget.value = (await load()).default;
  };
  const standIn: FunctionalComponent = (_props, { attrs, slots }) => {
    if (widget.value) return h(widget.value, { ...attrs, ...more() }, slots);
    // Only where nobody has asked for the form's widgets before: what can't be had is asked for again with the next answer.
    fetchIt().catch(() => undefined);
    return null;
  };
  standIn.inheritAttrs = false;
  return [standIn, fetchIt];
}

/** Fetches the widgets of a form before it is shown, so that no step needs the network any more. Throws if that fails. */
export async function ensureWidgets(content: FormContent): Promise<void> {
  const kinds = new Set<FieldKind>();
  const note = (field: Field) => {
    kinds.add(field.kind);
    (field.fields || []).forEach(note);
  };
  fieldsOf(content).forEach(note);
  const loads: Promise<void>[] = [];
  kinds.forEach((kind) => LATER[kind] && loads.push(LATER[kind]!()));
  await Promise.all(loads);
}
