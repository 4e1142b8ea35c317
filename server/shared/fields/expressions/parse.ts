import { FUNCTIONS, type Condition, type Expression, type FunctionName } from '../types.ts';
import { RESERVED, tokensOf, type Token } from './tokens.ts';

/** Where a text can't be understood, counted in characters from 0, and what would be in place there. */
export interface SyntaxFault {
  at: number;
  expected: 'value' | 'condition' | 'comparison' | 'text' | 'name' | 'function' | 'sign' | 'end' | 'less';
  /** The sign that should be there. */
  sign?: string;
}

export type Parsed<T> = { value: T; fault?: never } | { fault: SyntaxFault; value?: never };

/**
 * The condition that a text means: comparisons (`==`, `!=`, `>`, `>=`, `<`, `<=`, `in ("a", "b")`, `not in`, `contains`),
 * `filled(key)`, `empty(key)`, `and`, `or`, `not` and brackets. Whether names and types are right is for the form to say.
 */
export function parseCondition(text: string): Parsed<Condition> {
  return parse(text, (reader) => reader.condition());
}

/** The expression that a text means: numbers, `"texts"`, keys, `today`, `+ - * /`, functions, `if(condition, a, b)`. */
export function parseExpression(text: string): Parsed<Expression> {
  return parse(text, (reader) => reader.expression());
}

type Node = { is: 'condition'; node: Condition; at: number } | { is: 'value'; node: Expression; at: number };

class Misread extends Error {
  readonly fault: SyntaxFault;
  constructor(fault: SyntaxFault) {
    super(fault.expected);
    this.fault = fault;
  }
}

/** Deeper than anything that can be published. */
const DEEPEST = 40;

const OPERATORS: Record<string, 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'> = {
  '==': 'eq',
  '=': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
};

function parse<T>(text: string, read: (reader: Reader) => T): Parsed<T> {
  const tokens = tokensOf(text);
  if (!Array.isArray(tokens)) return { fault: { at: tokens.at, expected: tokens.at >= 2_000 ? 'less' : 'sign' } };
  try {
    const reader = new Reader(tokens);
    const value = read(reader);
    reader.end();
    return { value };
  } catch (error) {
    if (error instanceof Misread) return { fault: error.fault };
    throw error;
  }
}

/** Reads from left to right, each level of binding strength by its own method. */
class Reader {
  private at = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  condition(): Condition {
    return this.asCondition(this.or());
  }

  expression(): Expression {
    return this.asValue(this.or());
  }

  end(): void {
    if (this.token.type !== 'end') this.fail('end');
  }

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private fail(expected: SyntaxFault['expected'], at = this.token.at, sign?: string): never {
    throw new Misread(sign === undefined ? { at, expected } : { at, expected, sign });
  }

  private takes(text: string): boolean {
    const { token } = this;
    const found = token.text === text && (token.type === 'sign' || token.type === 'name');
    if (found) this.at += 1;
    return found;
  }

  private need(sign: string): void {
    if (!this.takes(sign)) this.fail('sign', this.token.at, sign);
  }

  private asCondition(node: Node): Condition {
    if (node.is === 'condition') return node.node;
    return this.fail('condition', node.at);
  }

  private asValue(node: Node): Expression {
    if (node.is === 'value') return node.node;
    return this.fail('value', node.at);
  }

  private or(): Node {
    return this.joined('or', () => this.joined('and', () => this.not()));
  }

  private joined(word: 'and' | 'or', next: () => Node): Node {
    const first = next();
    if (this.token.text !== word || this.token.type !== 'name') return first;
    const members = [this.asCondition(first)];
    while (this.takes(word)) members.push(this.asCondition(next()));
    return { is: 'condition', node: word === 'and' ? { all: members } : { any: members }, at: first.at };
  }

  private not(): Node {
    const { at } = this.token;
    if (!this.takes('not')) return this.comparison();
    return { is: 'condition', node: { not: this.asCondition(this.deeper(() => this.not())) }, at };
  }

  private comparison(): Node {
    const left = this.add();
    const { token } = this;
    const op = token.type === 'sign' ? OPERATORS[token.text] : undefined;
    if (op) {
      this.at += 1;
      const right = this.asValue(this.add());
      return { is: 'condition', node: compared(this.asValue(left), op, right), at: left.at };
    }
    if (token.type !== 'name') return left;
    if (this.takes('contains')) {
      const field = this.nameOf(left);
      return { is: 'condition', node: { field, op: 'contains', value: this.literal() }, at: left.at };
    }
    const negated = token.text === 'not' && this.tokens[this.at + 1]!.text === 'in';
    if (negated) this.at += 1;
    if (!this.takes('in')) return left;
    const field = this.nameOf(left);
    this.need('(');
    const value = this.list(() => this.literal()) as (string | number)[];
    return { is: 'condition', node: { field, op: negated ? 'notIn' : 'in', value }, at: left.at };
  }

  private nameOf(node: Node): string {
    if (node.is === 'value' && 'field' in node.node) return node.node.field;
    return this.fail('name', node.at);
  }

  private add(): Node {
    return this.calculated({ '+': 'add', '-': 'sub' }, () =>
      this.calculated({ '*': 'mul', '/': 'div' }, () => this.one()),
    );
  }

  private calculated(signs: Record<string, FunctionName>, next: () => Node): Node {
    let left = next();
    for (;;) {
      const fn = this.token.type === 'sign' ? signs[this.token.text] : undefined;
      if (!fn) return left;
      this.at += 1;
      const args = [this.asValue(left), this.asValue(next())];
      left = { is: 'value', node: { fn, args }, at: left.at };
    }
  }

  private one(): Node {
    const { token } = this;
    const { at } = token;
    const value = (node: Expression): Node => ({ is: 'value', node, at });
    if (token.type === 'number' || token.type === 'text' || token.text === '-') return value({ value: this.literal() });
    if (this.takes('(')) {
      const inner = this.deeper(() => this.or());
      this.need(')');
      return { ...inner, at };
    }
    if (token.type !== 'name') return this.fail('value');
    if (token.text === 'true' || token.text === 'false') return value({ value: this.literal() });
    this.at += 1;
    if (token.text === 'today') return value({ today: true });
    const calls = this.takes('(');
    if (!calls && RESERVED.has(token.text)) return this.fail('value', at);
    if (!calls) return value({ field: token.text.replace(/[[\]]/g, '') });
    return this.deeper(() => this.call(token));
  }

  /** What stands in the brackets of a function. */
  private call({ text, at }: Token): Node {
    if (text === 'filled' || text === 'empty') {
      const field = this.nameOf(this.add());
      this.need(')');
      return { is: 'condition', node: { field, op: text }, at };
    }
    if (text === 'if') {
      const test = this.condition();
      this.need(',');
      const then = this.expression();
      this.need(',');
      const otherwise = this.expression();
      this.need(')');
      return { is: 'value', node: { if: test, then, else: otherwise }, at };
    }
    if (!FUNCTIONS.includes(text as FunctionName)) return this.fail('function', at);
    const args = this.list(() => this.expression());
    return { is: 'value', node: { fn: text as FunctionName, args }, at };
  }

  /** Parts with commas between them, up to the closing bracket. */
  private list<T>(next: () => T): T[] {
    const parts: T[] = [];
    if (this.takes(')')) return parts;
    do parts.push(next());
    while (this.takes(','));
    this.need(')');
    return parts;
  }

  private literal(): string | number | boolean {
    const negative = this.takes('-');
    const { token } = this;
    if (token.type === 'number') {
      this.at += 1;
      return negative ? -Number(token.text) : Number(token.text);
    }
    if (negative) return this.fail('value');
    if (this.takes('true')) return true;
    if (this.takes('false')) return false;
    if (token.type !== 'text') return this.fail('value');
    try {
      const text: unknown = JSON.parse(token.text);
      this.at += 1;
      return String(text);
    } catch {
      return this.fail('text');
    }
  }

  private deeper(read: () => Node): Node {
    this.depth += 1;
    if (this.depth > DEEPEST) this.fail('less');
    const node = read();
    this.depth -= 1;
    return node;
  }
}

/** A field beside a value is the plain comparison, which lists of fields and rules are made of. */
function compared(left: Expression, op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte', right: Expression): Condition {
  if ('field' in left && 'value' in right && !left.field.includes('.'))
    return { field: left.field, op, value: right.value };
  return { left, op, right };
}
