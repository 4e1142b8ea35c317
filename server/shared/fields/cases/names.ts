import type { NameLookup } from '../types.ts';

/** Invented names by id, as the server's look-ups give them. */
function lookupOf(names: Record<string, string>): NameLookup {
  const ids = new Map(Object.entries(names).map(([id, name]) => [name, id]));
  return {
    name: (id) => (Object.prototype.hasOwnProperty.call(names, id) ? names[id] : undefined),
    find: (name) => ids.get(name),
  };
}

export const SAMPLE_ORGANISATIONS = /* @__PURE__ */ lookupOf({
  '65f000000000000000000001': '南山区第一小学',
  '65f000000000000000000002': '南山区第二小学',
});
export const SAMPLE_PEOPLE = /* @__PURE__ */ lookupOf({ '65f000000000000000000011': '欧阳测试' });
