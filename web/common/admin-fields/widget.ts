import type { Field } from '../../../server/shared/fields/types.ts';

/** What every widget gets beside its `v-model`. The label stands above it, drawn by the form. */
export interface WidgetProps {
  field: Field;
  id: string;
  /** Ids of hint and error for aria-describedby. */
  described?: string | undefined;
}
