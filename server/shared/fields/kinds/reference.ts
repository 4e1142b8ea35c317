import type { FieldCode } from '../codes.ts';
import type { Look, NameLookup } from '../types.ts';
import { fault, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

/** What kinds share whose value is the id of something that is kept elsewhere. */

const ID = /^[0-9a-f]{24}$/;

type Lookup = (look: Look | undefined) => NameLookup | undefined;

/** A kind over ids; with its look-up an unknown one is a fault, and ids read as names. */
export function createReference(lookup: Lookup, unknown: FieldCode): Kind {
  return {
    normalise: (raw) => (typeof raw === 'string' ? raw.trim() : raw),
    check(_field, value, ctx) {
      if (typeof value !== 'string') return fault('wrong_type');
      const names = lookup(ctx);
      return ID.test(value) && (!names || names.name(value) !== undefined) ? null : fault(unknown);
    },
    isEmpty: isBlank,
    format: (value, _field, _locale, look) => (typeof value === 'string' ? (lookup(look)?.name(value) ?? value) : ''),
  };
}

/** The same for the back office: a cell holds a name, or the id itself. */
export function createReferenceProjection(lookup: Lookup): KindProjection {
  return {
    parse(cell, _field, look) {
      const text = cell.normalize('NFC').trim();
      return ID.test(text) ? text : (lookup(look)?.find(text) ?? text);
    },
    mask: () => HIDDEN,
    jsonSchema: () => ({ type: 'string', pattern: ID.source }),
    uses: [],
  };
}
