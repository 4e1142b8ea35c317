/** Neither control characters nor signs that turn the direction of writing. */
// eslint-disable-next-line no-control-regex -- control characters are just what is taken out
const UNFIT = /[\u0000-\u001f\u007f\u200e\u200f\u2028-\u202e\u2066-\u2069/\\]/g;
const LONGEST = 50;

/** A file's name as it is kept: what its sender called it, with the ending that its content has. */
export function nameOf(sent: string, extension: string): string {
  const name = sent.normalize('NFC').replace(UNFIT, '').trim();
  const ending = /\.(jpe?g|png|pdf|webp|heic|gif|bmp|tiff?)$/i;
  const base = [...name.replace(ending, '')].slice(0, LONGEST).join('').trim();
  return `${base || 'file'}.${extension}`;
}
