import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { tableFile, tableRow } from '../../../test/demo-table.ts';
import { makeImportTest, type ImportTest } from '../../../test/imports.ts';

interface Event {
  id: string;
  data: any;
}

describe('events of imports', () => {
  let test: ImportTest;
  /** Another host: same databases, a process of its own; its streams live as long as in production. */
  let other: TestApp;
  beforeAll(async () => {
    test = await makeImportTest();
    other = await makeApp(test.deps, { eventStreamMs: 20_000 });
  });
  afterAll(async () => {
    await other.close();
    await test.close();
  });

  const upload = async (from: number, fields: Record<string, string> = {}) =>
    (await test.upload(await tableFile([tableRow(from), tableRow(from + 1)]), fields)).body.id as string;
  const headersOf = ({ cookies }: Browser, last?: string) => ({
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...(last === undefined ? {} : { 'last-event-id': last }),
  });
  const parse = (text: string): Event[] =>
    text
      .split('\n\n')
      .filter((block) => block.startsWith('id: '))
      .map((block) => {
        const [id, data] = block.split('\n');
        return { id: id!.slice(4), data: JSON.parse(data!.slice('data: '.length)) };
      });

  /** Opens a stream; `until` waits for an event, `leave` goes away. */
  async function listen(app: TestApp, path: string, { last, who = test.admin }: { last?: string; who?: Browser } = {}) {
    const gone = new AbortController();
    const response = await fetch(app.origin + path, { headers: headersOf(who, last), signal: gone.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const more = async () => {
      const { value, done } = await reader.read();
      text += value ?? '';
      return !done;
    };
    return {
      response,
      async until(test_: (event: Event) => boolean): Promise<Event> {
        for (;;) {
          const found = parse(text).find(test_);
          if (found) return found;
          if (!(await more())) throw new Error(`the stream ended with ${text}`);
        }
      },
      async rest(): Promise<Event[]> {
        while (await more());
        return parse(text);
      },
      leave: () => gone.abort(),
    };
  }

  it('tell the state at once, then each change, and end with the last', async () => {
    const id = await upload(1, { review: 'true' });
    const stream = await listen(other, `/api/business/imports/${id}/events`);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    await stream.until(({ data }) => data.state === 'inspecting');
    await test.work(id);
    await stream.until(({ data }) => data.state === 'mapping');
    await test.ask(id, 'start');
    await test.work(id);
    const events = await stream.rest();
    expect(events.at(-1)!.data).toMatchObject({ state: 'finished', counts: { created: 2 } });
    expect(events.at(-1)!.data).toEqual(await test.view(id));
    const revs = events.map((event) => Number(event.id));
    expect(revs).toEqual([...new Set(revs)].toSorted((a, b) => a - b));
  });

  it('go on at any host: what was seen is not told again, what was missed is', async () => {
    const id = await upload(11, { review: 'true' });
    await test.work(id);
    const path = `/api/business/imports/${id}/events`;
    const first = await listen(other, path);
    const seen = await first.until(({ data }) => data.state === 'mapping');
    first.leave();
    // The streams of this host end soon: nothing new, so nothing was told.
    expect(await (await listen(test.app, path, { last: seen.id })).rest()).toEqual([]);
    await test.ask(id, 'start');
    await test.work(id);
    const [missed, ...more] = await (await listen(test.app, path, { last: seen.id })).rest();
    expect(more).toEqual([]);
    expect(missed!.data).toMatchObject({ state: 'finished' });
    expect(await (await listen(other, path, { last: missed!.id })).rest()).toEqual([]);
    // What we never sent counts for nothing.
    expect(await (await listen(other, path, { last: 'x'.repeat(500) })).rest()).toHaveLength(1);
  });

  it('of all that have not ended say which there are', async () => {
    const ids = [await upload(21, { review: 'true' }), await upload(31, { review: 'true' })];
    const stream = await listen(other, '/api/business/imports/events');
    const idsOf = ({ data }: Event) => data.items.map(({ id }: { id: string }) => id);
    const first = await stream.until((event) => idsOf(event).length === 2);
    expect(idsOf(first)).toEqual(ids.toReversed());
    await test.work(ids[0]!);
    await test.ask(ids[0]!, 'cancel');
    const second = await stream.until((event) => idsOf(event).length === 1);
    stream.leave();
    const again = await listen(test.app, '/api/business/imports/events', { last: second.id });
    expect(await again.rest()).toEqual([]);
    await test.ask(ids[1]!, 'cancel');
  });

  it('looks stop when the client has gone', async () => {
    const [left, stayed] = [await upload(41, { review: 'true' }), await upload(43, { review: 'true' })];
    const looks: Record<string, number> = { [left]: 0, [stayed]: 0 };
    const imports = test.deps.mongo.models['Import']!;
    const findOne = imports.findOne.bind(imports) as (filter: object, ...more: unknown[]) => unknown;
    imports.findOne = ((filter: object, ...more: unknown[]) => {
      for (const id of Object.keys(looks)) if (JSON.stringify(filter).includes(id)) looks[id]! += 1;
      return findOne(filter, ...more);
    }) as never;
    const looked = (id: string, times: number) =>
      expect.poll(() => looks[id], { timeout: 15_000 }).toBeGreaterThanOrEqual(looks[id]! + times);

    const [first, second] = [
      await listen(other, `/api/business/imports/${left}/events`),
      await listen(other, `/api/business/imports/${stayed}/events`),
    ];
    await looked(left, 2);
    first.leave();
    // A second later the other stream goes on, and this one has had no more than the look that was on its way.
    const before = looks[left]!;
    await looked(stayed, 3);
    expect(looks[left]! - before).toBeLessThanOrEqual(1);
    second.leave();
    imports.findOne = findOne as never;
  });

  it('are refused like any other answer, at every connection', async () => {
    const id = await upload(51);
    const path = `/api/business/imports/${id}/events`;
    expect((await test.app.browser().get(path)).status).toBe(401);
    expect((await test.admin.get('/api/business/imports/65f0c0ffee0ddba11ca7b0a7/events')).status).toBe(404);
    const clerk = await test.staff({ name: 'clerk', can: ['submission.read'] });
    expect((await clerk.get(path)).status).toBe(403);
    const south = await test.staff({ name: 'south', can: ['import.run'], region: '440000' });
    expect((await south.get(path)).status).toBe(404);
    expect(parse((await south.get('/api/business/imports/events')).body.toString())).toMatchObject([
      { data: { items: [] } },
    ]);
  });
});
