/** Rows and columns of a keyboard, the alphabet and the digits: what fingers walk along. */
const WALKS = [
  ...['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abcdefghijklmnopqrstuvwxyz'],
  ...['1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p', 'qazwsxedcrfvtgbyhnujmikolp', '!@#$%^&*()', '0123456789'],
].flatMap((walk) => [walk, [...walk].reverse().join('')]);

const LEET: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** A password in the spellings under which it may be a known one: as it is, without its ends of digits and signs, un-leeted. */
export function spellings(password: string): string[] {
  const lower = password.toLowerCase();
  const words = [lower, lower.replace(/^[^a-z]+|[^a-z]+$/g, ''), lower.replace(/[^a-z0-9]/g, '')];
  const plain = (text: string) => text.replace(/[@4310!$57]/g, (character) => LEET[character]!);
  return [...new Set([...words, ...words.map(plain), plain(lower).replace(/[^a-z]/g, '')])].filter(
    (word) => word.length >= 4,
  );
}

/**
 * What is left of a password once everything that carries no surprise is taken out: repeated characters, walks of four or
 * more, days (19850607, 2024-01-31), doubled halves. A short rest means that the password is a pattern.
 */
export function surprise(password: string): number {
  let text = password.toLowerCase();
  const half = text.slice(0, text.length / 2);
  if (half + half === text) text = half;
  text = text.replace(/(?:19|20)\d\d[-./年]?(?:0?[1-9]|1[0-2])[-./月]?(?:[12]\d|3[01]|0?[1-9])日?/g, '#');
  text = text.replace(/(.)\1{2,}/g, '$1');
  let rest = '';
  for (let at = 0; at < text.length;) {
    const length = longestWalk(text, at);
    rest += text[at];
    at += Math.max(1, length);
  }
  return rest.length;
}

/** How many characters from `at` on follow one walk; 0 for fewer than four. */
function longestWalk(text: string, at: number): number {
  for (let length = Math.min(text.length - at, 36); length >= 4; length -= 1) {
    const part = text.slice(at, at + length);
    if (WALKS.some((walk) => walk.includes(part))) return length;
  }
  return 0;
}
