/**
 * Every code that an issue about submitted data may carry. The sentences are in `messages/fields.*.ts`.
 * (`vet/codes.ts` holds the codes about a form's definition, `../codes.ts` those of whole requests.)
 */

/** What a field's kind, or the form, finds wrong with an answer. */
export const ANSWER_CODES = [
  'required',
  'wrong_type',
  'too_short',
  'too_long',
  'bad_characters',
  'pattern_mismatch',
  'not_integer',
  'not_number',
  'too_small',
  'too_big',
  'too_many_decimals',
  'bad_date',
  'too_early',
  'too_late',
  'unknown_option',
  'too_few_choices',
  'too_many_choices',
  'not_yes',
  'unknown_region',
  'region_incomplete',
  'address_region_missing',
  'address_detail_missing',
  'phone_length',
  'phone_invalid',
  'document_type',
  'id_length',
  'id_invalid',
  'id_region',
  'id_birth_date',
  'id_checksum',
  'passport_invalid',
  'hk_macau_permit_invalid',
  'taiwan_permit_invalid',
  'too_few_records',
  'too_many_records',
  'records_unreadable',
  'bad_datetime',
  'bad_time',
  'bad_email',
  'bad_url',
  'rows_missing',
  'unit_missing',
  'unknown_organisation',
  'unknown_person',
  'unknown_file',
  'file_type',
  'too_few_files',
  'too_many_files',
  'unknown_field',
] as const;

/** What a form's rules find wrong with an answer that is right by itself; also `required`. */
export const RULE_CODES = ['option_not_allowed', 'check_failed'] as const;

/** What is found wrong elsewhere: by the reader of a request or of a workbook. */
export const INPUT_CODES = [
  'forbidden_key',
  'duplicate_parameter',
  'too_deep',
  'too_many_items',
  'digits_lost',
  'out_of_scope',
  'field_right',
  'bad_encoding',
  'bad_json',
  'bad_value',
] as const;

export const FIELD_CODES = [...ANSWER_CODES, ...RULE_CODES, ...INPUT_CODES] as const;
export type FieldCode = (typeof FIELD_CODES)[number];
