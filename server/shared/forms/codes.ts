/** Codes about versions of a form, besides those of answers: what is wrong with a mapping, and why an answer does not come along. */
export const MIGRATION_CODES = [
  'mapping_unknown_field',
  'mapping_unfit',
  'mapping_unknown_option',
  'mapping_twice',
  'field_removed',
  'hidden',
  'recomputed',
  'consent_changed',
] as const;
export type MigrationCode = (typeof MIGRATION_CODES)[number];
