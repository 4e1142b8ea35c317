/**
 * The same check as a programmer would write it into the code for this one form: no data to look at, every rule an `if`.
 * Texts, numbers and days are read by the same functions. The twenty blocks share one function, which
 * is much faster than twenty of them: the engine optimises it once.
 */
import { BLOCKS } from './form.ts';

/** The module as a text; it belongs beside the compiled bench. Exports `check(raw, today)`. */
export const handWritten = (): string => `${HEAD}
const BLOCKS = Array.from({ length: ${BLOCKS} }, (_, b) => {
  const keys = { check: 'check' + b };
  for (const name of 'ndtrcspmkx') Object.assign(keys, { [name]: name + b, ['path_' + name]: 'answers.' + name + b });
  return keys;
});
const KNOWN = new Set(BLOCKS.flatMap((keys) => [...'ndtrcspmkx'].map((name) => keys[name])));
${BLOCK}
export function check(raw, today) {
  const answers = {};
  const issues = [];
  const late = [];
  for (const key of Object.keys(raw)) if (!KNOWN.has(key)) issues.push({ path: 'answers.' + key, code: 'unknown_field' });
  for (const keys of BLOCKS) block(raw, answers, issues, late, today, keys);
  for (const issue of late) issues.push(issue);
  return { answers, issues };
}
`;

const HEAD = `
import { isDay } from '../../shared/fields/days.js';
import { normaliseNumber } from '../../shared/fields/kinds/number.js';
import { compact, hasBadCharacters, lengthOf, lines, oneLine, toAscii } from '../../shared/fields/strings.js';
const RADIO = new Set(['yes', 'no', 'maybe']);
const FOUR = ['o1', 'o2', 'o3', 'o4'];
const TEN = new Set(['o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8', 'o9', 'o10']);
const MOBILE = /^1[3-9]\\d{9}$/;
const DIGITS = /^\\d+$/;
const years = (from, to) => to < from ? undefined : Number(to.slice(0, 4)) - Number(from.slice(0, 4)) - (to.slice(4) < from.slice(4) ? 1 : 0);
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
const blank = (value) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
`;

const BLOCK = `
function block(raw, answers, issues, late, today, at) {
  let n = normaliseNumber(raw[at.n]);
  if (blank(n)) { n = undefined; issues.push({ path: at.path_n, code: 'required' }); }
  else if (typeof n === 'string') { answers[at.n] = n; issues.push({ path: at.path_n, code: 'not_integer' }); }
  else if (typeof n !== 'number' || Number.isNaN(n)) issues.push({ path: at.path_n, code: 'wrong_type' });
  else {
    answers[at.n] = n;
    if (n < 0) issues.push({ path: at.path_n, code: 'too_small', params: { min: 0 } });
    else if (n > 120) issues.push({ path: at.path_n, code: 'too_big', params: { max: 120 } });
    else if (!Number.isInteger(n)) issues.push({ path: at.path_n, code: 'not_integer' });
  }
  const isNumber = typeof n === 'number';

  let d = raw[at.d];
  if (typeof d === 'string') d = toAscii(d).trim();
  if (blank(d)) d = undefined;
  else if (typeof d !== 'string') issues.push({ path: at.path_d, code: 'wrong_type' });
  else {
    answers[at.d] = d;
    if (!isDay(d)) issues.push({ path: at.path_d, code: 'bad_date' });
    else if (d > today) issues.push({ path: at.path_d, code: 'too_late', params: { max: today } });
  }
  const isDate = typeof d === 'string' && isDay(d);

  let t = raw[at.t];
  if (typeof t === 'string') t = oneLine(t);
  if (blank(t)) issues.push({ path: at.path_t, code: 'required' });
  else if (typeof t !== 'string') issues.push({ path: at.path_t, code: 'wrong_type' });
  else if (hasBadCharacters(t)) issues.push({ path: at.path_t, code: 'bad_characters' });
  else {
    answers[at.t] = t;
    if (t.length > 40) {
      const length = lengthOf(t);
      if (length > 40) issues.push({ path: at.path_t, code: 'too_long', params: { max: 40, length } });
    }
  }

  let r = raw[at.r];
  if (typeof r === 'string') r = r.trim();
  if (blank(r)) r = undefined;
  else if (typeof r !== 'string') issues.push({ path: at.path_r, code: 'wrong_type' });
  else {
    answers[at.r] = r;
    if (!RADIO.has(r)) issues.push({ path: at.path_r, code: 'unknown_option' });
    else if (r === 'maybe' && !(isNumber && n >= 18)) issues.push({ path: at.path_r, code: 'option_not_allowed' });
  }

  let c;
  if (r === 'yes' || r === 'maybe') {
    c = raw[at.c];
    if (Array.isArray(c) && c.length <= 500 && c.every((each) => typeof each === 'string')) {
      const given = new Set(c.map((each) => each.trim()).filter(Boolean));
      const codes = FOUR.filter((code) => given.delete(code));
      for (const other of given) codes.push(other);
      c = codes;
      if (c.length === 0) c = undefined;
      else {
        answers[at.c] = c;
        if (given.size > 0) issues.push({ path: at.path_c, code: 'unknown_option' });
      }
    } else if (blank(c)) c = undefined;
    else issues.push({ path: at.path_c, code: 'wrong_type' });
  }

  let s = raw[at.s];
  if (typeof s === 'string') s = s.trim();
  if (blank(s)) {
    if (Array.isArray(c) && c.includes('o1')) issues.push({ path: at.path_s, code: 'required' });
  } else if (typeof s !== 'string') issues.push({ path: at.path_s, code: 'wrong_type' });
  else {
    answers[at.s] = s;
    if (!TEN.has(s)) issues.push({ path: at.path_s, code: 'unknown_option' });
  }

  let p = raw[at.p];
  if (typeof p === 'string') p = compact(p).replace(/[()]/g, '').replace(/^(?:\\+|00)86(?=\\d)|^86(?=1\\d{10}$)/, '');
  let badPhone = true;
  if (blank(p)) {
    p = undefined;
    if (isNumber && n >= 18 && r !== 'no') issues.push({ path: at.path_p, code: 'required' });
    else badPhone = false;
  } else if (typeof p !== 'string') issues.push({ path: at.path_p, code: 'wrong_type' });
  else {
    answers[at.p] = p;
    if (DIGITS.test(p) && p.length !== 11) issues.push({ path: at.path_p, code: 'phone_length', params: { length: p.length } });
    else if (!MOBILE.test(p)) issues.push({ path: at.path_p, code: 'phone_invalid' });
    else badPhone = false;
  }

  if (r === 'yes' && isNumber && n > 10) {
    const m = normaliseNumber(raw[at.m]);
    if (blank(m)) { /* may be left out */ }
    else if (typeof m === 'string') { answers[at.m] = m; issues.push({ path: at.path_m, code: 'not_number' }); }
    else if (typeof m !== 'number' || Number.isNaN(m)) issues.push({ path: at.path_m, code: 'wrong_type' });
    else {
      answers[at.m] = m;
      if (m < 30) issues.push({ path: at.path_m, code: 'too_small', params: { min: 30 } });
      else if (m > 45) issues.push({ path: at.path_m, code: 'too_big', params: { max: 45 } });
      else if (Number(m.toFixed(1)) !== m) issues.push({ path: at.path_m, code: 'too_many_decimals', params: { scale: 1 } });
      else if (m > 42 && !badPhone && p === undefined)
        late.push({ path: at.path_m, code: 'check_failed', params: { check: at.check, message: { 'zh-CN': '高烧请留手机号', en: 'Leave a phone' } } });
    }
  }

  let k;
  if (isNumber && n >= 0) k = d !== undefined ? (isDate ? days(d, today) : undefined) : n * 2;
  else {
    k = normaliseNumber(raw[at.k]);
    if (blank(k)) k = undefined;
    else if (typeof k !== 'number' || !Number.isInteger(k)) issues.push({ path: at.path_k, code: 'not_integer' });
  }
  if (k !== undefined) answers[at.k] = k;

  if ((isDate && years(d, today) >= 60) || (typeof k === 'number' && isNumber && k - n > 30000)) {
    let x = raw[at.x];
    if (typeof x === 'string') x = lines(x);
    if (!blank(x)) {
      if (typeof x !== 'string') issues.push({ path: at.path_x, code: 'wrong_type' });
      else if (hasBadCharacters(x)) issues.push({ path: at.path_x, code: 'bad_characters' });
      else {
        answers[at.x] = x;
        if (x.length > 200) {
          const length = lengthOf(x);
          if (length > 200) issues.push({ path: at.path_x, code: 'too_long', params: { max: 200, length } });
        }
      }
    }
  }
}`;
