/** What can be known of a template without WeChat: whether it compiles, and whether all that it names is there. */
import compiler from 'glass-easel-template-compiler';

export interface Names {
  /** Functions of the page. */
  handlers: Set<string>;
  /** Keys of the page's data. */
  data: Set<string>;
  texts: Set<string>;
  /** Classes of app.wxss and of the page's own. */
  classes: Set<string>;
}

/** Components of WeChat that the shell uses; another name is a slip, or is to be added here. */
const COMPONENTS = new Set(['block', 'button', 'page-meta', 'text', 'view', 'web-view']);
const WORDS = new Set(['true', 'false', 'null', 'length']);

/** @returns a sentence for each fault */
export function lintTemplate(name: string, source: string, names: Names): string[] {
  const faults = syntaxFaults(name, source);
  for (const tag of tagsOf(source)) {
    if (!COMPONENTS.has(tag.name)) faults.push(`${name}: <${tag.name}> is no component`);
    for (const [key, value] of tag.attributes) {
      const event = /^(?:bind|catch):?([a-z]+)$/.exec(key);
      if (event && !names.handlers.has(value)) faults.push(`${name}: ${key}="${value}" is no function of the page`);
      if (key === 'class')
        for (const one of classesOf(value)) if (!names.classes.has(one)) faults.push(`${name}: .${one} has no style`);
    }
    const has = (key: string) => tag.attributes.some(([one]) => one === key);
    if (has('wx:for') && !has('wx:key')) faults.push(`${name}: wx:for without wx:key`);
    if (tag.name === 'button' && !tag.attributes.some(([key]) => key.startsWith('bind')))
      faults.push(`${name}: a button that does nothing`);
  }
  for (const [, expression = ''] of source.matchAll(/\{\{(.*?)\}\}/gs)) {
    for (const [, first = '', second] of expression
      .replaceAll(/'[^']*'/g, "''")
      .matchAll(/(?<![\w.])([a-zA-Z_]\w*)(?:\.(\w+))?/g)) {
      if (first === 't' && !names.texts.has(second ?? '')) faults.push(`${name}: there is no text t.${second}`);
      else if (!WORDS.has(first) && first !== 'item' && !names.data.has(first))
        faults.push(`${name}: ${first} is no data`);
    }
  }
  return faults;
}

function syntaxFaults(name: string, source: string): string[] {
  const group = new compiler.TmplGroup();
  const said = group.addTmpl(name, source) as { message: string; startLine: number }[];
  group.free();
  return said.map(({ message, startLine }) => `${name}:${startLine + 1}: ${message}`);
}

interface Tag {
  name: string;
  attributes: [key: string, value: string][];
}

const tagsOf = (source: string): Tag[] =>
  [...source.matchAll(/<([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(([, name = '', rest = '']) => ({
    name,
    attributes: [...rest.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key, value]),
  }));

/** Plain names, and those between quotes in an expression. */
const classesOf = (value: string): string[] =>
  [
    ...value.replaceAll(/\{\{.*?\}\}/g, ' ').split(/\s+/),
    ...[...value.matchAll(/\{\{(.*?)\}\}/g)].flatMap(([, code = '']) =>
      [...code.matchAll(/[?:]\s*'([^']*)'/g)].map(([, one = '']) => one),
    ),
  ].filter(Boolean);
