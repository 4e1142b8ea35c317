import { isRecord } from '../fields/kinds/kind.ts';
import type { FormContent, Text } from '../fields/types.ts';

/** Every text of a form with its place, for putting its languages side by side. */
export interface FormText {
  /** `steps.0.fields.3.options.1.label`. */
  path: string;
  /** What the text is: the name of the property that holds it. */
  role: string;
  text: Text;
}

/** Properties that hold texts; the others are rules, codes and numbers. */
const ROLES = ['title', 'intro', 'help', 'label', 'hint', 'patternHint', 'unit', 'message'];
/** Lists that are walked; all others hold no texts. */
const LISTS = ['steps', 'fields', 'options', 'rows', 'columns', 'checks'];

function isText(value: unknown): value is Text {
  if (!isRecord(value)) return false;
  const names = Object.keys(value);
  return (
    names.length > 0 && names.every((name) => (name === 'zh-CN' || name === 'en') && typeof value[name] === 'string')
  );
}

/** All texts in the order in which a form is read. */
export function textsOf(content: FormContent): FormText[] {
  const found: FormText[] = [];
  const visit = (node: unknown, path: string): void => {
    if (!isRecord(node)) return;
    const at = (name: string | number) => (path ? `${path}.${name}` : String(name));
    const names = Object.keys(node).sort((a, b) => rank(a) - rank(b));
    for (const name of names) {
      const value = node[name];
      if (isText(value)) found.push({ path: at(name), role: name, text: value });
      else if (Array.isArray(value) && LISTS.includes(name))
        value.forEach((each, index) => visit(each, `${at(name)}.${index}`));
    }
  };
  visit(content, '');
  return found;
}

/** Texts first as they are read, then what is inside; an unknown property that holds a text is shown with them. */
function rank(name: string): number {
  const role = ROLES.indexOf(name);
  if (role >= 0 && name !== 'message') return role;
  const list = LISTS.indexOf(name);
  return list >= 0 ? 20 + list : 10;
}

/** A form with one text changed in one language; an empty English one is taken away. */
export function withText(content: FormContent, path: string, language: keyof Text, words: string): FormContent {
  const change = (node: unknown, parts: string[]): unknown => {
    const [part, ...rest] = parts;
    if (part === undefined) {
      const { [language]: _old, ...others } = (isRecord(node) ? node : {}) as unknown as Text & Record<string, string>;
      if (language === 'en') return words === '' ? others : { ...others, en: words };
      return { 'zh-CN': words, ...others };
    }
    if (Array.isArray(node)) return node.map((each, index) => (String(index) === part ? change(each, rest) : each));
    return isRecord(node) ? { ...node, [part]: change(node[part], rest) } : node;
  };
  return change(content, path.split('.')) as FormContent;
}
