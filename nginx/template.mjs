/** Fills the templates of this folder. Dependency-free: it runs on hosts, from inside a release. */

const SECTION = /^[ \t]*\{\{([#^])(\w+)\}\}[ \t]*\n([\s\S]*?)^[ \t]*\{\{\/\2\}\}[ \t]*(?:\n|$)/m;

/**
 * `{{name}}` is replaced by a value; lines between `{{#name}}` and `{{/name}}` stay when the value is true, those between
 * `{{^name}}` and `{{/name}}` when it is not. Sections of different names may stand inside each other.
 * @param {string} template
 * @param {Record<string, string | number | boolean>} values
 * @returns {string}
 * @throws {Error} for a name without a value
 */
export function fill(template, values) {
  const value = (/** @type {string} */ name) => {
    if (!Object.hasOwn(values, name)) throw new Error(`the template asks for ${name}, which has no value`);
    return values[name];
  };
  let text = template;
  for (let found = SECTION.exec(text); found; found = SECTION.exec(text)) {
    const [whole, kind = '', name = '', inside = ''] = found;
    const stays = Boolean(value(name)) === (kind === '#');
    text = text.slice(0, found.index) + (stays ? inside : '') + text.slice(found.index + whole.length);
  }
  return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(value(name)));
}
