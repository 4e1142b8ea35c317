import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLogger, eventDocs, EVENTS, type LogFields, type LogLevel } from './index.ts';

const SOURCES = fileURLToPath(new URL('../../', import.meta.url));

function capture(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ level, name: 'test', destination: { write: (line: string) => void lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

function logged(fields: LogFields): string {
  const { log, lines } = capture();
  log.error('http.error', fields);
  return lines.join('');
}

describe('the log', () => {
  it('writes one JSON line with what every line has', () => {
    const { log, last } = capture();
    log.child({ requestId: 'r1' }).info('http.request', { status: 200, durationMs: 3.5, route: '/a/{b}' });
    expect(last()).toMatchObject({
      level: 'info',
      name: 'test',
      event: 'http.request',
      requestId: 'r1',
      status: 200,
      durationMs: 3.5,
    });
    expect(last()['time']).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
    expect(last()['route']).toBe('/a/{b}');
  });

  it('obeys its level, and fields cannot take the place of its own', () => {
    const { log, lines, last } = capture('warn');
    log.info('http.request');
    expect(lines).toHaveLength(0);
    log.warn('http.request', { event: 'x', level: 'y', time: 'z', pid: 0 });
    expect(last()).toMatchObject({ event: 'http.request', level: 'warn', pid: process.pid });
    expect(lines[0]?.match(/"event"/g)).toHaveLength(1);
  });

  it('is described in docs/events.md (vitest -u writes it)', async () => {
    await expect(eventDocs()).toMatchFileSnapshot('../../../../docs/events.md');
    for (const name of Object.keys(EVENTS)) expect(name).toMatch(/^[a-z]+(\.[a-z_]+)?$/);
  });
});

describe('control 48: no personal data or codes in the log', () => {
  const PHONE = '13812345678';
  const DOCUMENT = '11010519491231002X';
  const NAME = '张三丰';
  const CODE = '918273';

  it('hides what stands under a telling key, at any depth', () => {
    const person = { name: NAME, phone: PHONE, document: { type: 'residentId', number: DOCUMENT }, code: CODE };
    const line = logged({
      a: { b: [{ c: person }] },
      person,
      headers: { cookie: `sid=${CODE}`, authorization: `Bearer ${CODE}` },
      body: { answers: { x: NAME } },
      newPassword: CODE,
      loginCode: { code: CODE },
      'X-Api-Key': CODE,
      filter: { phoneIndex: CODE, displayName: NAME },
    });
    for (const secret of [PHONE, DOCUMENT, NAME, CODE]) expect(line).not.toContain(secret);
    expect(JSON.parse(line)).toMatchObject({ person: { name: '[hidden]', document: '[hidden]' } });
  });

  it('masks phones and documents inside any text, key or number', () => {
    const line = logged({
      detail: `from ${PHONE}, id=${DOCUMENT}; +86${PHONE} 138-1234-5678 138 1234 5678`,
      lower: DOCUMENT.toLowerCase(),
      numeric: Number(PHONE),
      big: BigInt(PHONE),
      [PHONE]: 1,
      address: PHONE,
      list: [PHONE, [DOCUMENT]],
      uri: `mongodb://user:${CODE}@host/db?x=${PHONE}`,
    });
    for (const secret of [PHONE, DOCUMENT, DOCUMENT.toLowerCase(), CODE, '138-1234', '138 1234'])
      expect(line).not.toContain(secret);
    expect(line).toContain('[phone]');
    expect(line).toContain('[document]');
  });

  it('keeps what an operator needs', () => {
    const fields = {
      accountId: '6921f0c2a1b2c3d4e5f60718',
      formKey: 'health',
      code: 'not_found',
      status: 409,
      durationMs: 12.5,
      bytes: 123456789,
      reason: 'quota',
    };
    expect(JSON.parse(logged(fields))).toMatchObject(fields);
  });

  it('scrubs errors: message, stack, cause, and what drivers quote', () => {
    const duplicate = Object.assign(
      new Error(`E11000 duplicate key error collection: d.people index: p dup key: { name: "${NAME}", x: "${CODE}" }`),
      { code: 11000 },
    );
    const cast = new Error(`Cast to ObjectId failed for value "${CODE} a" (type string) at path "_id"`, {
      cause: duplicate,
    });
    cast.name = 'CastError';
    const line = logged({ err: new TypeError(`bad ${PHONE} of ${NAME}`, { cause: cast }) });
    for (const secret of [PHONE, NAME, CODE]) expect(line).not.toContain(secret);
    const { err } = JSON.parse(line) as { err: unknown };
    expect(err).toMatchObject({ type: 'TypeError', cause: { type: 'CastError', cause: { code: 11000 } } });
    expect(err).toHaveProperty('stack', expect.stringContaining('logger.test.ts'));
    // What else hangs on an error (a command with its arguments, a document) is not written at all.
    expect(logged({ err: Object.assign(new Error('x'), { command: { args: [CODE] }, doc: { n: NAME } }) })).not.toMatch(
      /918273|张/,
    );
    expect(logged({ err: `text ${PHONE}` })).not.toContain(PHONE);
  });

  it('survives hostile shapes', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const throwing = {
      get trap() {
        throw new Error('no');
      },
    };
    expect(() =>
      logged({
        circle,
        wide: Array.from({ length: 9999 }, () => 1),
        long: 'x'.repeat(1e6),
        buffer: Buffer.from(PHONE),
      }),
    ).not.toThrow();
    expect(logged({ circle, long: 'x'.repeat(1e6) }).length).toBeLessThan(10_000);
    expect(() => logged({ throwing })).not.toThrow();
  });
});

describe('control 49: one line per event', () => {
  const evil = ['\r', '\n', '\r\n', '\u001b[2J', '\u2028', '\u2029', '\u0085', '\u009b', '\u0000', '\u202e', '\u007f'];

  it.each(evil.map((text) => [JSON.stringify(text), text]))('%s in every field', (_shown, text) => {
    const injected = `ok${text}{"level":"info","event":"login.succeeded"}`;
    const { log, lines } = capture();
    const error = Object.assign(new Error(injected), { code: injected, name: injected });
    log.child({ requestId: injected }).error('http.error', { a: injected, [injected]: { b: [injected] }, err: error });
    expect(lines).toHaveLength(1);
    const line = (lines[0] ?? '').replace(/\n$/, '');
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
    expect(JSON.parse(line)).toMatchObject({ event: 'http.error', level: 'error' });
  });
});

describe('events', () => {
  it('each is used somewhere: as a log line, or as the action of an audit record', async () => {
    const files = (await readdir(SOURCES, { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('events.ts'),
    );
    const code = (await Promise.all(files.map((file) => readFile(join(SOURCES, file), 'utf8')))).join('\n');
    expect(Object.keys(EVENTS).filter((event) => !code.includes(`'${event}'`))).toEqual([]);
  });
});
