import { kindNames } from '../forms.texts.ts';
import type { PaletteItem } from './palette.ts';

/** What a new field of a kind is called at first, in both languages. */
export function kindWords({ kind }: PaletteItem): { 'zh-CN': string; en: string } {
  const [zh, en] = (kindNames as Record<string, readonly [string, string]>)[kind] ?? [kind, kind];
  return { 'zh-CN': zh, en };
}
