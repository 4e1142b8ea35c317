/** What every proof begins with: the options of its command line, and a clock before the lines that it prints. */
import { readOptions } from './options.mjs';

/**
 * Reads the options of a proof. An unknown one ends it with a sentence, and so does `--small` where there is no small form:
 * an hour that somebody took for a minute is worse.
 * @template {string} N
 * @param {string} name as `npm run proof -- NAME` says it
 * @param {{ noSmall?: string, numbers?: Record<N, number>, places?: string[] }} [more] noSmall: said where there is no small form;
 *   numbers: options that take a number, with what counts without them; places: numbers that have no name, but a place
 * @returns {{ small: boolean, number: (name: N, inSmall?: number) => number, places: number[] }} inSmall: what counts in the small form
 */
export function readProofOptions(name, { noSmall, numbers = {}, places = [] } = {}) {
  const options = Object.fromEntries(Object.keys(numbers).map((option) => [option, { type: 'string' }]));
  const { values, positionals } = readOptions(
    helpOf(name, { noSmall, numbers, places }),
    { ...options, small: { type: 'boolean' } },
    { positionals: places.length > 0 },
  );
  if (values.small && noSmall) refuse(`The proof "${name}" has no small form: ${noSmall}`);
  if (positionals.length > places.length) refuse(`"${positionals[places.length]}" is one too many.`);
  const given = [
    ...Object.keys(numbers).map((option) => [`--${option}`, values[option]]),
    ...positionals.map((text, at) => [places[at], text]),
  ];
  const wrong = given.find(([, text]) => text !== undefined && !/^\d{1,10}$/.test(text));
  if (wrong) refuse(`${wrong[0]} is a number, not "${wrong[1]}".`);
  return {
    small: values.small === true,
    number: (option, inSmall) => Number(values[option] ?? (values.small && inSmall) ?? numbers[option]),
    places: positionals.map(Number),
  };
}

/** Says lines with the seconds since now before them. @returns {(text: string) => void} */
export function startSaying() {
  const began = performance.now();
  return (text) => console.log(`${((performance.now() - began) / 1_000).toFixed(1)} s: ${text}`);
}

function helpOf(name, { noSmall, numbers, places }) {
  const usual = Object.entries(numbers).map(([option, count]) => `  --${option} N   (${count} in full size)`);
  const parts = [name, ...places.map((one) => `[${one}]`), ...(noSmall ? [] : ['[--small]'])];
  const head = `npm run proof -- ${[...parts, ...(usual.length > 0 ? ['[options]'] : [])].join(' ')}`;
  const tail = noSmall ? `It has no small form: ${noSmall}` : 'With --small it is as small as npm test runs it.';
  return [head, ...usual, tail].join('\n');
}

function refuse(text) {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}
