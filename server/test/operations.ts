import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** A schema of OpenAPI 3.0, as far as our generator writes it. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  example?: unknown;
  default?: unknown;
  nullable?: boolean;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

/** One operation of the OpenAPI document: what tests call routes by. */
export interface Operation {
  method: string;
  path: string;
  operationId: string;
  summary?: string;
  tags: string[];
  audience: 'public' | 'citizen' | 'staff' | 'business' | 'system';
  permission?: string;
  idempotency?: string;
  /** The other system that signs its calls of it. */
  signed?: string;
  parameters: Parameter[];
  /** Of a JSON body. */
  body?: Schema;
  multipart: boolean;
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

export interface Document {
  paths: Record<string, Record<string, Record<string, any>>>;
  components: { schemas: Record<string, Schema> };
}

export function operationsOf(document: Record<string, unknown>): Operation[] {
  return Object.entries((document as unknown as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operationId: operation['operationId'] as string,
      summary: operation['summary'] as string,
      tags: (operation['tags'] ?? []) as string[],
      audience: operation['x-audience'] as Operation['audience'],
      ...(operation['x-permission'] ? { permission: operation['x-permission'] as string } : {}),
      ...(operation['x-idempotency'] ? { idempotency: operation['x-idempotency'] as string } : {}),
      ...(operation['x-signed'] ? { signed: operation['x-signed'] as string } : {}),
      parameters: (operation['parameters'] ?? []) as Parameter[],
      ...(operation['requestBody']?.content['application/json']
        ? { body: operation['requestBody'].content['application/json'].schema as Schema }
        : {}),
      multipart: operation['requestBody']?.content['multipart/form-data'] !== undefined,
      responses: operation['responses'] as Operation['responses'],
    })),
  );
}

/** Texts that the patterns of our schemas are made of. */
const WORDS = [
  'Plausible',
  'plausible',
  '65f0c0ffee0ddba11ca7b0a7',
  '440305',
  '2026-11-21',
  '13800138000',
  '123456',
  'abcdefghijklmnopqrstuv',
  'fever:yes',
  'YWJj',
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
];

/** One plausible value of a schema; optional fields are left out unless `full`. */
export function sample(schema: Schema, full = false): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.allOf) return sample(schema.allOf[0]!, full);
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice) return sample(choice[0]!, full);
  switch (schema.type) {
    case 'object': {
      const keys = Object.keys(schema.properties ?? {}).filter((key) => full || schema.required?.includes(key));
      return Object.fromEntries(keys.map((key) => [key, sample(schema.properties![key]!, full)]));
    }
    case 'array':
      return full || schema.minItems ? [sample(schema.items!, full)] : [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    case 'string':
      return text(schema);
    default:
      return {};
  }
}

function text({ format, pattern, minLength = 0, maxLength = Infinity }: Schema): string {
  if (format === 'date-time') return '2026-11-21T02:00:00.000Z';
  const fits = (word: string) =>
    word.length >= minLength && word.length <= maxLength && (!pattern || new RegExp(pattern, 'u').test(word));
  const word = WORDS.find(fits);
  if (word === undefined) throw new Error(`no word fits ${pattern}: add one`);
  return word;
}

export interface Filled {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
}

/** The address of an operation; path parameters that are not given are plausible, query parameters only those given. */
export function addressOf(operation: Operation, { path = {}, query = {} }: Filled = {}): string {
  const filled = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const parameter = operation.parameters.find((one) => one.in === 'path' && one.name === name);
    return encodeURIComponent(path[name] ?? String(sample(parameter?.schema ?? { type: 'string' })));
  });
  const pairs = Object.entries(query).map(
    ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`,
  );
  return filled + (pairs.length ? `?${pairs.join('&')}` : '');
}

/** A multipart body with a small table. */
export function tableForm(
  csv = 'a,b\n1,2\n',
  fields: Record<string, string> = { form: 'healthDeclaration' },
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new File([csv], 'table.csv', { type: 'text/csv' }));
  return form;
}

/** Judges answers against the document, strictly: fields that it does not name are faults. */
export function answerChecks(
  document: Record<string, unknown>,
): (operation: Operation, status: number, type: string, body: unknown) => string | null {
  const ajv = new Ajv({ strict: false, allErrors: false });
  formats.default(ajv);
  const { schemas } = (document as unknown as Document).components;
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(plain(schema), `#/components/schemas/${name}`);
  const compiled = new Map<string, ValidateFunction>();
  return (operation, status, type, body) => {
    const declared = operation.responses[String(status)];
    if (!declared) return `status ${status} is not declared`;
    const contents = Object.keys(declared.content ?? {});
    if (contents.length === 0) return null;
    const content = contents.find((one) => type.startsWith(one));
    if (!content) return `status ${status} came as ${type}`;
    if (!content.includes('json')) return null;
    const key = `${operation.operationId} ${status}`;
    if (!compiled.has(key)) compiled.set(key, ajv.compile(plain(declared.content![content]!.schema)));
    const check = compiled.get(key)!;
    return check(body) ? null : `status ${status}: ${ajv.errorsText(check.errors)}`;
  };
}

/** `nullable` is OpenAPI's own: ajv refuses null where there is an `enum`, and does not take it without a `type`. */
function plain(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (_key, value: Schema) => {
    if (typeof value !== 'object' || !value?.nullable) return value;
    const { nullable, ...rest } = value;
    return { ...rest, ...(value.type ? { nullable } : {}), ...(value.enum ? { enum: [...value.enum, null] } : {}) };
  }) as Schema;
}

/** What a caller is, as far as rights go. */
export interface Rights {
  kind: 'anonymous' | 'citizen' | 'staff';
  can: readonly string[];
}

/** The refusals of the gate, as against those that a handler makes (`wrong_code`). */
export const GATE = ['not_logged_in', 'session_expired', 'forbidden', 'password_change_required', 'csrf_refused'];

/** The status with which the gate must refuse a caller, or null when it must let him through. */
export function refusalOf({ kind, can }: Rights, { audience, permission }: Operation): 401 | 403 | null {
  if (audience === 'public') return null;
  if (audience === 'citizen') return kind === 'citizen' ? null : 401;
  if (kind !== 'staff') return 401;
  return !permission || can.includes(permission) ? null : 403;
}
