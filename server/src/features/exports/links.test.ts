import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { ask, linkTo, look, workOff } from '../../../test/exporting.ts';
import { GUANGDONG, makeWorld, must, SHENZHEN_NANSHAN, type World } from '../../../test/factories.ts';
import { logInStaff } from '../../../test/logins.ts';

const MINUTE = 60_000;

describe('links to the files of exports', () => {
  let world: World;
  let clerk: Browser;
  let other: Browser;
  let id: string;
  let url: string;
  let whole: Buffer;
  const can = ['export.run', 'person.read', 'person.write'] as const;

  beforeAll(async () => {
    world = await makeWorld();
    clerk = await world.staff({ name: 'clerk', can: [...can], region: GUANGDONG });
    other = await world.staff({ name: 'other', can: [...can] });
    for (let n = 0; n < 40; n += 1) must(await world.person(clerk, { region: SHENZHEN_NANSHAN }), 201);
    ({ id } = await ask(clerk, { list: 'people' }));
    await workOff(world);
    url = await linkTo(clerk, id);
    whole = must(await clerk.get(url), 200).body as Buffer;
  }, 120_000);
  afterAll(() => world.close());

  it('control 37: gives an attachment that nothing renders or stores', async () => {
    const { headers } = await clerk.get(url);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-disposition': expect.stringMatching(/^attachment; filename="/),
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-length': String(whole.length),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
  });

  it('gives parts, so that a broken download goes on where it was', async () => {
    const etag = (await clerk.get(url)).headers.get('etag')!;
    const half = Math.floor(whole.length / 2);
    const parts: Buffer[] = [];
    for (const range of [`bytes=0-${half - 1}`, `bytes=${half}-`]) {
      const part = must(await clerk.get(url, { range, 'if-range': etag }), 206);
      expect(part.headers.get('content-range')).toMatch(new RegExp(`^bytes \\d+-\\d+/${whole.length}$`));
      expect(Number(part.headers.get('content-length'))).toBe((part.body as Buffer).length);
      parts.push(part.body as Buffer);
    }
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    expect(must(await clerk.get(url, { range: 'bytes=-7' }), 206).body.equals(whole.subarray(-7))).toBe(true);
    const others: Record<string, string>[] = [
      { range: 'bytes=0-1,4-5' },
      { range: 'bytes=0-1', 'if-range': '"another"' },
    ];
    for (const headers of others) expect(must(await clerk.get(url, headers), 200).body.equals(whole)).toBe(true);
    const beyond = await clerk.get(url, { range: `bytes=${whole.length}-` });
    expect([beyond.status, beyond.body.code, beyond.headers.get('content-range')]).toEqual([
      416,
      'range_not_satisfiable',
      `bytes */${whole.length}`,
    ]);
  });

  it('opens for the account it was made for, in a session, for that export only', async () => {
    expect((await world.anonymous().get(url)).status).toBe(401);
    expect((await other.get(url)).status).toBe(404);
    expect((await clerk.get(url.replace(/token=./, 'token=~'))).status).toBe(422);
    expect((await clerk.get(url.replace(/token=.*/, `token=${'A'.repeat(43)}`))).status).toBe(404);
    const second = await ask(clerk, { list: 'people' });
    await workOff(world);
    expect((await clerk.get(url.replace(id, second.id))).status).toBe(404);
    expect((await (await logInStaff(world.app, 'clerk')).get(url)).status).toBe(200);
  });

  it('keeps the token out of the database and the log', async () => {
    const token = /token=(.*)/.exec(url)![1]!;
    for (const name of ['exportLinks', 'audit', 'exports'])
      expect(JSON.stringify(await world.deps.mongo.collection(name).find().toArray())).not.toContain(token);
    const told = world.logged.filter(({ operationId }) => operationId === 'downloadExport');
    expect(told.length).toBeGreaterThan(3);
    expect(JSON.stringify(world.logged)).not.toContain(token);
  });

  it('records the first download of each link, not its parts', async () => {
    const downloads = () =>
      world.deps.mongo.collection('audit').countDocuments({ action: 'export.downloaded', 'object.id': id });
    expect(await downloads()).toBe(1);
    const again = await linkTo(clerk, id);
    await Promise.all(['bytes=0-9', 'bytes=10-19', 'bytes=20-29'].map((range) => clerk.get(again, { range })));
    expect(await downloads()).toBe(2);
  });

  it('works for ten minutes, and not longer than the file', async () => {
    const link = must(await clerk.post(`/api/business/exports/${id}/link`), 200).body as Record<string, string>;
    expect(Date.parse(link['expiresAt']!) - world.clock().getTime()).toBe(10 * MINUTE);
    world.clock.advance(10 * MINUTE - 1);
    expect((await clerk.get(link['url']!)).status).toBe(200);
    world.clock.advance(1);
    expect((await clerk.get(link['url']!)).body.code).toBe('gone');
    world.clock.set(new Date(Date.parse((await look(clerk, id)).file!.expiresAt) - 4 * MINUTE));
    // A night has passed: the session has ended meanwhile.
    clerk = await logInStaff(world.app, 'clerk');
    const last = must(await clerk.post(`/api/business/exports/${id}/link`), 200).body as Record<string, string>;
    expect(Date.parse(last['expiresAt']!) - world.clock().getTime()).toBe(4 * MINUTE);
    world.clock.advance(4 * MINUTE);
    expect((await clerk.get(last['url']!)).body.code).toBe('gone');
    expect((await clerk.post(`/api/business/exports/${id}/link`)).body.code).toBe('gone');
  });

  it('is refused to a requester who no longer reaches what the file holds', async () => {
    const { id: fresh } = await ask(clerk, { list: 'people' });
    await workOff(world);
    await linkTo(clerk, fresh);
    const me = (await clerk.get('/api/staff/session')).body.accountId as string;
    const now = async () => (await world.app.features.sessions.staffCaller(me))?.grants[0]?.region;
    const moveTo = async (region: string | null) => {
      await world.deps.mongo
        .collection('accounts')
        .updateOne({ name: 'clerk' }, { $set: { 'grants.0.region': region } });
      await expect.poll(now, { timeout: 10_000 }).toBe(region);
    };
    await moveTo('110000');
    expect((await clerk.post(`/api/business/exports/${fresh}/link`)).body.code).toBe('forbidden');
    await moveTo(null);
    await linkTo(clerk, fresh);
    await moveTo(GUANGDONG);
    await linkTo(clerk, fresh);
  });

  it('ends with the file: an export that is given up or not ready has none', async () => {
    const { id: early } = await ask(clerk, { list: 'people' });
    expect((await clerk.post(`/api/business/exports/${early}/link`)).body.code).toBe('conflict');
    must(await clerk.post(`/api/business/exports/${early}/cancel`), 200);
    expect((await clerk.post(`/api/business/exports/${early}/cancel`)).body.code).toBe('conflict');
    expect((await clerk.post(`/api/business/exports/${early}/link`)).body.code).toBe('conflict');
  });
});
