/** Codes of issues about a new password, besides `too_short` and `too_long`. */
export const ACCOUNT_CODES = [
  'password_classes',
  'password_common',
  'password_simple',
  'password_name',
  'password_used',
] as const;
export type AccountCode = (typeof ACCOUNT_CODES)[number];
