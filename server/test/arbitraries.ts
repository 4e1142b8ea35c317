import fc, { type Arbitrary } from 'fast-check';
import { sample, type Operation, type Schema } from './operations.ts';

/** Texts that have broken programs before. */
export const JUNK = [
  '',
  ' ',
  '\u0000',
  '$gt',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "' or 1=1 --",
  '<script>',
  '=1+1',
  '🙈',
  '\ud800',
  '中文',
  '1e999',
  '-0',
  'NaN',
  'null',
  '9007199254740993',
  'x'.repeat(3000),
  '\u202e',
  '2026-02-30',
  '0000-00-00',
];

/** Values of a kind that no schema can tell: whole answers, whole forms. By the name of the property. */
export type Known = Record<string, Arbitrary<unknown>>;

const junk = fc.oneof(
  fc.constantFrom<unknown>(...JUNK),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, -1, 1e21, 1.5, true, [], {}),
);

/** Mostly what the schema allows; `name` finds what is known of the property. */
export function valuesOf(schema: Schema, known: Known, name = ''): Arbitrary<unknown> {
  const plain = allowed(schema, known, name);
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  return found ? fc.oneof({ weight: 6, arbitrary: found }, { weight: 1, arbitrary: plain }) : plain;
}

function allowed(schema: Schema, known: Known, name: string): Arbitrary<unknown> {
  if (schema.nullable) return fc.option(allowed({ ...schema, nullable: false }, known, name), { freq: 6, nil: null });
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choice) return fc.oneof(...choice.map((one) => valuesOf(one, known, name)));
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      if (properties.length === 0)
        return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
      const model = Object.fromEntries(properties.map(([key, child]) => [key, valuesOf(child, known, key)]));
      return fc.record(model, { requiredKeys: schema.required ?? [] });
    }
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, known, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'integer':
      return fc.oneof(
        fc.constant(schema.minimum ?? 0),
        fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 300, 1_000) }),
      );
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return texts(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function texts(schema: Schema): Arbitrary<unknown> {
  const { format, pattern, minLength = 0, maxLength = 40 } = schema;
  if (format === 'date-time')
    return fc
      .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  const good = fc.constant(sample(schema));
  // A pattern that only keeps characters out says nothing of what is in.
  if (!pattern || pattern.startsWith('^[^'))
    return fc.oneof(good, fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' }));
  return fc.oneof(
    good,
    fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, maxLength)),
  );
}

/** What is sent: `pool` stands for a thing that an earlier answer named. */
export interface Attempt {
  path: Record<string, string | { pool: number }>;
  query: Record<string, unknown>;
  body: unknown;
  key: string | null;
}

/** Attempts at an operation: many good ones, many with one thing wrong. */
export function attemptsAt(operation: Operation, known: Known): Arbitrary<Attempt> {
  const path = operation.parameters.filter((one) => one.in === 'path');
  const query = operation.parameters.filter((one) => one.in === 'query');
  const segment = (schema: Schema) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ pool: fc.nat(999) }) },
      { weight: 2, arbitrary: valuesOf(schema, {}).map(String) },
      { weight: 1, arbitrary: fc.constantFrom(...JUNK.filter(Boolean)) },
    );
  const parameter = (name: string, schema: Schema) =>
    fc.oneof(
      { weight: 5, arbitrary: valuesOf(schema, known, name) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(...JUNK) },
    );
  return fc.record({
    path: fc.record(Object.fromEntries(path.map(({ name, schema }) => [name, segment(schema)]))) as Arbitrary<
      Attempt['path']
    >,
    query: fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      {
        weight: 12,
        arbitrary: fc.record(
          Object.fromEntries(
            query.map(({ name, schema }) => [name, fc.option(parameter(name, schema), { freq: 1, nil: undefined })]),
          ),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.dictionary(fc.constantFrom('limit', 'role', '$where', 'a.b'), fc.constantFrom<unknown>(...JUNK), {
          maxKeys: 1,
        }),
      },
    ) as Arbitrary<Attempt['query']>,
    body: operation.body ? spoilt(valuesOf(operation.body, known)) : fc.constant(undefined),
    key: fc.option(fc.uuid(), { freq: 5, nil: null }),
  }) as Arbitrary<Attempt>;
}

/** One body in three has one place replaced by junk, one field too many, or one too few. */
const spoilt = (bodies: Arbitrary<unknown>): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 12, arbitrary: bodies },
    { weight: 6, arbitrary: fc.tuple(bodies, fc.nat(50), junk).map(([body, at, value]) => replaced(body, at, value)) },
    { weight: 1, arbitrary: junk },
  );

/** The body with the nth place, counted round, replaced. */
function replaced(body: unknown, at: number, value: unknown): unknown {
  if (typeof body !== 'object' || body === null) return value;
  const keys = Object.keys(body);
  const key = keys[at % (keys.length + 1)] ?? 'extra';
  const copy: any = Array.isArray(body) ? [...body] : { ...body };
  const child: unknown = copy[key];
  const deeper = typeof child === 'object' && child !== null && at % 3 !== 0;
  copy[key] = deeper ? replaced(child, Math.floor(at / 3), value) : value;
  return copy;
}
