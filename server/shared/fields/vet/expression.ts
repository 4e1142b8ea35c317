import { isDay } from '../days.ts';
import { flaw, isRecord, type ValueType } from '../kinds/kind.ts';
import { KINDS } from '../kinds/index.ts';
import { optionOf } from '../kinds/options.ts';
import { PROJECTIONS } from '../kinds/index.ts';
import { hasBadCharacters } from '../strings.ts';
import { FUNCTIONS, type Expression, type Field, type FunctionName, type Issue } from '../types.ts';
import { find, type Scope } from './scope.ts';
import { join, listAt, objectAt, type Report } from './shape.ts';
import { SIGNATURES, SORTED, WORDS, type Wanted } from './signatures.ts';

/** What an expression comes to. */
export interface Typed {
  type: ValueType;
  /** Of every record of a group. */
  list?: boolean;
  /** Whose answer it is; a `choice` has its options there. */
  field?: Field;
  literal?: string;
}

/** Reports an issue where a value was looked for. */
function refuse(report: Report, issue: Issue): undefined {
  report(issue);
  return undefined;
}

/** How much a rule may hold in all: what is larger nobody understands, and a hostile one is not looked at to its end. */
export interface Budget {
  /** Counts a part, which `fits` unless it is nested too deep. False, and told once, where it is too much. */
  spend: (fits: boolean) => boolean;
  /** Judges a condition inside of an expression. */
  condition: (node: unknown, path: string, depth: number) => void;
}

const DEPTH = 8;
const TEXT_MAX = 200;

/** Judges an expression and says what it comes to; undefined where something is wrong, which is reported. */
export function vetExpression(
  raw: unknown,
  path: string,
  scope: Scope,
  report: Report,
  budget: Budget,
  depth = 1,
): Typed | undefined {
  if (!budget.spend(depth <= DEPTH)) return undefined;
  if (!isRecord(raw))
    return refuse(report, flaw(path, 'shape', { expected: '{ value }, { field }, { today }, { fn, args }' }));
  const part = (each: unknown, at: string) => vetExpression(each, at, scope, report, budget, depth + 1);
  if ('value' in raw) {
    objectAt(raw, path, ['value'], report);
    return vetLiteral(raw.value, join(path, 'value'), report);
  }
  if ('field' in raw) {
    objectAt(raw, path, ['field'], report);
    return vetName(raw.field, join(path, 'field'), scope, report);
  }
  if ('today' in raw) {
    objectAt(raw, path, ['today'], report);
    return raw.today === true
      ? { type: 'day' }
      : refuse(report, flaw(join(path, 'today'), 'shape', { expected: 'true' }));
  }
  if ('if' in raw) {
    objectAt(raw, path, ['if', 'then', 'else'], report);
    budget.condition(raw.if, join(path, 'if'), 1);
    const branches = [part(raw.then, join(path, 'then')), part(raw.else, join(path, 'else'))];
    return agree(branches, path, report);
  }
  objectAt(raw, path, ['fn', 'args'], report);
  const name = String(raw.fn).slice(0, 40);
  if (!FUNCTIONS.includes(raw.fn as FunctionName))
    return refuse(report, flaw(join(path, 'fn'), 'expression_unknown_function', { name }));
  const { takes, min, max, gives, lists } = SIGNATURES[raw.fn as FunctionName];
  const args = listAt(raw.args, join(path, 'args'), report);
  if (args.length < min || args.length > max)
    return refuse(report, flaw(join(path, 'args'), 'expression_arguments', { name, min, max, count: args.length }));
  const typed = args.map((arg, at) => {
    const place = join(join(path, 'args'), at);
    const found = part(arg, place);
    return found && fits(found, takes[at] ?? takes[takes.length - 1]!, lists === true, place, report)
      ? found
      : undefined;
  });
  if (gives !== 'first') return { type: gives };
  const same = agree(typed, path, report);
  return same && { type: same.type, ...(same.field ? { field: same.field } : {}) };
}

/** What an answer is for an expression; undefined for kinds that it can do nothing with, and for what has no type itself. */
export function typeOfField(field: Field, scope: Scope): ValueType | undefined {
  if (!field.compute || field.readOnlyWhen) return PROJECTIONS[field.kind].gives;
  const { types } = scope;
  if (!types.has(field)) {
    // While it is being found out it has none: a circle has no type, and is reported as a circle.
    types.set(field, undefined);
    types.set(field, typeOf(field.compute, scope, 1));
  }
  return types.get(field);
}

/** The type of an expression that is taken to be right. */
function typeOf(expression: Expression, scope: Scope, depth: number): ValueType | undefined {
  if (!isRecord(expression) || depth > DEPTH) return undefined;
  if ('value' in expression) return vetLiteral(expression.value, '', () => undefined)?.type;
  if ('today' in expression) return 'day';
  if ('field' in expression) {
    const found = find(scope, String(expression.field));
    return typeof found === 'object' ? typeOfField(found.field, scope) : undefined;
  }
  if ('if' in expression) return typeOf(expression.then, scope, depth + 1) ?? typeOf(expression.else, scope, depth + 1);
  if (!FUNCTIONS.includes(expression.fn)) return undefined;
  const { gives } = SIGNATURES[expression.fn];
  if (gives !== 'first') return gives;
  const [first] = Array.isArray(expression.args) ? expression.args : [];
  return first && typeOf(first, scope, depth + 1);
}

function vetLiteral(value: unknown, path: string, report: Report): Typed | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return { type: 'number' };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'string' && value.length <= TEXT_MAX && !hasBadCharacters(value))
    return { type: 'text', literal: value };
  report(flaw(path, 'shape', { expected: 'text / number / boolean' }));
  return undefined;
}

function vetName(name: unknown, path: string, scope: Scope, report: Report): Typed | undefined {
  if (typeof name !== 'string') return refuse(report, flaw(path, 'shape', { expected: 'text' }));
  const short = name.slice(0, 81);
  const found = find(scope, name);
  if (found === 'unsound') return undefined;
  if (found === 'unknown') return refuse(report, flaw(path, 'condition_unknown_field', { field: short }));
  const type = typeOfField(found.field, scope);
  if (type) return { type, field: found.field, ...(found.list ? { list: true } : {}) };
  if (!found.field.compute) report(flaw(path, 'expression_no_value', { field: short }));
  return undefined;
}

function fits(found: Typed, wanted: Wanted, lists: boolean, path: string, report: Report): boolean {
  if (found.list && !lists) {
    report(flaw(path, 'expression_list'));
    return false;
  }
  if (wanted === 'any' || wanted === 'same') return true;
  const types: readonly ValueType[] = wanted === 'sorted' ? SORTED : wanted === 'word' ? WORDS : [wanted];
  if (types.some((type) => isA(found, type))) return true;
  const code =
    wanted === 'number'
      ? 'expression_not_number'
      : wanted === 'day'
        ? 'expression_not_day'
        : wanted === 'sorted'
          ? 'expression_not_sorted'
          : 'expression_not_text';
  report(flaw(path, code));
  return false;
}

/** Whether it is of a type; a text that is written there may be a day, a moment or a time. */
export function isA({ type, literal }: Typed, wanted: ValueType): boolean {
  if (type === wanted) return true;
  if (literal === undefined) return false;
  if (wanted === 'day') return isDay(literal);
  return wanted === 'moment' || wanted === 'time' ? /^\d/.test(literal) : false;
}

/** The one type of several; a report when they differ. */
function agree(typed: (Typed | undefined)[], path: string, report: Report): Typed | undefined {
  const known = typed.filter((one) => one !== undefined);
  const main = known.find(({ literal }) => literal === undefined) ?? known[0];
  if (!main || known.length < typed.length) return undefined;
  if (known.every((one) => canCompare(one, main))) return main;
  report(flaw(path, 'expression_mixed'));
  return undefined;
}

/** Whether two values are of one type; of a written text, whether it can be a value of the other. */
export function canCompare(a: Typed, b: Typed): boolean {
  if (a.literal !== undefined && b.literal === undefined) return canCompare(b, a);
  if (b.literal === undefined || a.literal !== undefined) return a.type === b.type;
  return a.field ? isValueOf(a.field, a.type, b.literal) : isA(b, a.type);
}

/** Whether a text is a value that a field of a type could have. */
export function isValueOf(field: Field, type: ValueType, text: string): boolean {
  if (field.kind === 'region') return /^\d{6}$/.test(text);
  if (type === 'text') return true;
  if (type === 'choice' || type === 'choices') return optionOf(field, text) !== undefined;
  if (type === 'day') return isDay(text);
  if (type !== 'moment' && type !== 'time') return false;
  if (field.compute) return /^\d/.test(text);
  const { key, kind, label } = field;
  const bare: Field = { key, kind, label };
  return KINDS[kind].check(bare, KINDS[kind].normalise(text, bare), { today: '2024-01-01' }) === null;
}
