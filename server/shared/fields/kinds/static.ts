import { fault, type Kind, type KindProjection } from './kind.ts';

/** A text to read. It has no value. */
export const staticText: Kind = {
  normalise: (raw) => raw,
  check: () => fault('unknown_field'),
  isEmpty: (value) => value === undefined,
  format: () => '',
};

export const staticProjection: KindProjection = {
  parse: () => undefined,
  mask: () => '',
  jsonSchema: () => ({ not: {} }),
  uses: [],
};
