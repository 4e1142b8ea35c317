import type { Field, PersonTarget } from '../../../server/shared/fields/types.ts';

/** What every widget is given. It emits `change` with the raw value; `undefined` means nothing is filled in. */
export interface WidgetProps {
  field: Field;
  /** Id of the first control: the error summary links to it. */
  id: string;
  value: unknown;
  /** Ids of the hint and the error. */
  describedBy: string | undefined;
  invalid: boolean;
}

/** The id of a field's first control. */
export const controlId = (key: string) => `f-${key}`;

/** What a phone may offer to fill in. */
export const AUTOCOMPLETE: Partial<Record<PersonTarget, string>> = {
  'person.name': 'name',
  'person.phone': 'tel-national',
};

export const textValue = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
