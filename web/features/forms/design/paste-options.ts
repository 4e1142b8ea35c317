import type { Option } from '../../../../server/shared/fields/types.ts';

/**
 * Options out of pasted lines: `name`, `code=name` or `code=name/English name`. Those without a code of their own, or with
 * one that is taken, get the next free `optionN`. An empty text is one nameless option.
 */
export function optionsFrom(text: string, present: readonly Option[]): Option[] {
  const taken = new Set(present.map(({ code }) => code));
  let n = 0;
  const free = (): string => {
    do n += 1;
    while (taken.has(`option${n}`));
    return `option${n}`;
  };
  const lines = text === '' ? [''] : text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => text === '' || line !== '')
    .map((line) => {
      const [, given, rest = line] = /^([A-Za-z0-9][\w-]{0,39})\s*[=\t]\s*(.*)$/.exec(line) ?? [];
      const [zh = '', en = ''] = rest.split(/\s*\/\s*/);
      const code = given !== undefined && !taken.has(given) ? given : free();
      taken.add(code);
      return { code, label: { 'zh-CN': zh, ...(en ? { en } : {}) } };
    });
}
