import type { Shell } from './shell';
import type { Texts } from './texts';

/** What every page draws with. */
export interface Face {
  t: Texts;
  rootFont: string;
  elder: boolean;
}

export function faceOf({ display, texts }: Shell): Face {
  const { rootFont, elder } = display.read();
  return { t: texts, rootFont, elder };
}

/** Until the first setData. */
export const NO_FACE: Face = { t: {} as Texts, rootFont: '16px', elder: false };

/** A moment as ISO 8601 in the words of a clock in China: `11-22 14:05`; any other text as it is. */
export function momentText(said: string): string {
  const at = /^\d{4}-\d\d-\d\dT/.test(said) ? Date.parse(said) : NaN;
  if (Number.isNaN(at)) return said;
  return new Date(at + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
}
