import { usage } from './fault.mjs';

const RELEASE = /^\d{8}-\d{6}-[0-9a-f]{7,40}$/;

/**
 * Splits a command line into words and options. Every option takes a value except those in `FLAGS`; an unknown one is refused
 * by `done`, so that a typing error never means "without that option".
 */
const FLAGS = ['hold', 'once', 'force', 'follow', 'help'];

/**
 * @param {string[]} argv
 */
export function readArgs(argv) {
  const words = [];
  const options = new Map();
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at];
    if (!word.startsWith('--')) words.push(word);
    else {
      const [name, ...rest] = word.slice(2).split('=');
      if (FLAGS.includes(name)) options.set(name, 'true');
      else if (rest.length > 0) options.set(name, rest.join('='));
      else if (at + 1 < argv.length) options.set(name, argv[++at]);
      else throw usage(`--${name} wants a value`);
    }
  }
  const used = new Set(['root']);
  const text = (/** @type {string} */ name) =>
    (used.add(name), options.get(name));
  return {
    words,
    /** @returns {string | undefined} */
    text,
    /** @returns {boolean} */
    flag: (/** @type {string} */ name) => text(name) !== undefined,
    /** @param {string} name @param {number} [fallback] @returns {number} a finite number ≥ 0 */
    number(name, fallback) {
      const value = text(name) ?? fallback;
      if (value === undefined) throw usage(`--${name} is missing`);
      const number = Number(value);
      if (value === '' || !Number.isFinite(number) || number < 0) throw usage(`--${name} is not a number: ${value}`);
      return number;
    },
    /** @param {string} name @returns {any} parsed JSON */
    json(name) {
      const value = text(name);
      if (value === undefined) throw usage(`--${name} is missing`);
      return parseJson(value, `--${name}`);
    },
    /** @param {number} at @returns {string} a release id at that place among the words */
    release(at) {
      const id = words[at];
      if (id === undefined) throw usage('a release id is missing');
      return releaseId(id);
    },
    /** Refuses options that nobody asked for. */
    done() {
      for (const name of options.keys()) if (!used.has(name)) throw usage(`unknown option --${name}`);
    },
  };
}

/** @param {string} id a path is made of it, so nothing but the known shape passes */
export function releaseId(id) {
  if (!RELEASE.test(id)) throw usage(`not a release id (YYYYMMDD-HHMMSS-commit): ${id}`);
  return id;
}

/** @param {string} text @param {string} what */
export function parseJson(text, what) {
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`${what} is not JSON`);
  }
}
