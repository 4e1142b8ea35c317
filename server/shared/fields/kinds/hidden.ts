import { sample, type KindCases } from '../cases/case.ts';
import { oneLine } from '../strings.ts';
import { HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';
import { checkText } from './text.ts';

const LONGEST = 200;

/** A number or a yes of a rule as the text that is kept. */
const asText = (raw: unknown): unknown =>
  typeof raw === 'string' ? oneLine(raw) : Number.isFinite(raw) || typeof raw === 'boolean' ? String(raw) : raw;

/**
 * A text that goes with a form unseen: from a rule (`compute`), or from the link by which the form was opened
 * (`#/forms/visit?gate=3` fills the hidden field `gate`). Citizens neither see nor fill it in, but could forge it.
 */
export const hidden: Kind = {
  unseen: 'always',
  widget: 'text',
  normalise: asText,
  check: (field, value) => checkText(field, value, LONGEST),
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

export const hiddenProjection: KindProjection = {
  parse: (cell) => oneLine(cell),
  mask: () => HIDDEN,
  jsonSchema: () => ({ type: 'string', maxLength: LONGEST }),
  computes: true,
  gives: 'text',
  filterable: true,
  uses: [],
  vet: (field) => (field.required ? [{ path: 'required', code: 'not_for_kind' }] : []),
};

export function hiddenCases(): KindCases {
  const field = sample('hidden');
  return {
    good: [
      { field, raw: ' gate 3 ', value: 'gate 3', text: 'gate 3', masked: '**' },
      { field, raw: 3, value: '3', text: '3', masked: '**' },
      { field, raw: true, value: 'true', text: 'true', masked: '**' },
    ],
    bad: [
      { field, raw: 'x'.repeat(201), code: 'too_long', params: { max: 200 } },
      { field, raw: 'a\u0000', code: 'bad_characters' },
      { field, raw: {}, code: 'wrong_type' },
    ],
  };
}
