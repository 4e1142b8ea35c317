/** Words that are no names of fields. */
export const RESERVED: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'contains',
  'if',
  'today',
  'true',
  'false',
]);

export interface Token {
  type: 'number' | 'text' | 'name' | 'sign' | 'end';
  text: string;
  /** Where it begins, counted in characters of the text from 0. */
  at: number;
}

/** The longest text that is read. */
const LENGTH = 2_000;

const PATTERNS: [Token['type'], RegExp][] = [
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['text', /"(?:[^"\\\n]|\\.)*"/y],
  ['name', /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?|\[[A-Za-z_]\w*\]/y],
  ['sign', /==|!=|>=|<=|[<>()+\-*/,=]/y],
];

/** The words of a text, the last one its end; or where it can't be understood. */
export function tokensOf(text: string): Token[] | { at: number } {
  if (text.length > LENGTH) return { at: LENGTH };
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    const found = match(text, at);
    if (!found) return { at };
    tokens.push(found);
    at += found.text.length;
  }
  tokens.push({ type: 'end', text: '', at });
  return tokens;
}

function match(text: string, at: number): Token | undefined {
  for (const [type, pattern] of PATTERNS) {
    const sticky = new RegExp(pattern);
    sticky.lastIndex = at;
    const found = sticky.exec(text);
    if (found) return { type, text: found[0], at };
  }
  return undefined;
}
