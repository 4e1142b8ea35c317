import type { Cell } from './types.ts';

const EXACT_DIGITS = 15;

/** A number cell from the stored text of its value; text that is no number stays text. */
export function numberCell(raw: string): Cell {
  if (raw.length <= EXACT_DIGITS && isPlainInteger(raw)) return { type: 'number', text: raw };
  const stored = raw.trim();
  // Whole digits are kept as stored: some programs write more of them than a double holds.
  if (/^-?[1-9]\d*$/.test(stored)) {
    return digitsOf(stored) > EXACT_DIGITS
      ? { type: 'number', text: stored, lossy: true }
      : { type: 'number', text: stored };
  }
  const value = Number(stored);
  if (stored === '' || !Number.isFinite(value)) return { type: 'text', text: raw };
  const text = plainDecimal(value);
  const significant = text.replace(/^-?0?\.?0*|\./g, '').length;
  const lossy = text.includes('.') ? significant > EXACT_DIGITS : digitsOf(text) > EXACT_DIGITS;
  return lossy ? { type: 'number', text, lossy: true } : { type: 'number', text };
}

/** The shortest decimal that gives back the same double, without an exponent. */
export function plainDecimal(value: number): string {
  if (Object.is(value, -0)) return '0';
  const short = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(short);
  if (!match) return short;
  const [, sign = '', first = '', rest = '', exponent = ''] = match;
  const digits = first + rest;
  const point = Number(exponent) + 1;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

function digitsOf(integer: string): number {
  return integer.startsWith('-') ? integer.length - 1 : integer.length;
}

function isPlainInteger(raw: string): boolean {
  const first = raw.charCodeAt(0) === 0x2d ? 1 : 0;
  if (raw.length === first) return false;
  if (raw.charCodeAt(first) === 0x30) return raw === '0';
  for (let i = first; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
