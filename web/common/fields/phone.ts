const FULL_WIDTH = /[\uff10-\uff19]/g;

/** The digits of what was typed: spaces, dashes and a leading +86 or 0086 fall away, full-width digits become plain. */
export function digitsOf(typed: string): string {
  const plain = typed.replace(FULL_WIDTH, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  return plain.replace(/^\s*(\+|00)\s*86/, '').replace(/\D/g, '');
}

/** `13800138000` as `138 0013 8000`; anything else as it was typed. */
export function groupPhone(typed: string): string {
  const digits = digitsOf(typed);
  return digits.length === 11 ? `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}` : typed;
}
