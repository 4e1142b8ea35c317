import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, type World } from '../../../test/factories.ts';
import { openCursors } from '../../../test/open-cursors.ts';
import { personModel, type PersonDoc } from '../people/index.ts';

const ROWS = 12_000;
/** Names that don't pack: more bytes than all buffers between the database and a client take. */
const NAME_BYTES = 3_000;

describe('a direct download', () => {
  let world: World;
  let clerk: Browser;
  const given = () => openCursors(world.deps.mongo, 'people');

  const people = (count: number, bytes: number) =>
    Array.from({ length: count }, () => ({
      _id: new world.deps.mongo.base.Types.ObjectId(),
      name: randomBytes(bytes).toString('base64'),
      createdAt: world.clock(),
      deletedAt: null,
      scope: { regionPath: [], orgPath: [], createdBy: 'x' },
    }));
  const add = (count: number, bytes: number) =>
    personModel(world.deps.mongo).collection.insertMany(people(count, bytes) as unknown as PersonDoc[]);

  beforeAll(async () => {
    world = await makeWorld({ config: { exportApprovalRows: 1_000_000 } });
    clerk = await world.staff({ name: 'clerk', can: ['export.run', 'person.read'] });
    await add(ROWS, NAME_BYTES);
  }, 120_000);
  afterAll(() => world.close());

  /** A client that reads nothing unless told. */
  async function begin(): Promise<IncomingMessage> {
    const cookie = [...clerk.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = request(`${world.app.origin}/api/business/people/export?columns=name`, { headers: { cookie } });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.pause();
    return answer;
  }

  it('waits for a client that stands still, and ends with one that leaves', async () => {
    const client = await begin();
    let before = -1;
    // Until what lies between is full: nothing more comes from the database.
    await expect
      .poll(
        async () => {
          const [now = 0] = await given();
          const still = now > 0 && now === before;
          before = now;
          return still;
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toBe(true);
    expect(before).toBeLessThan(ROWS);
    client.destroy();
    await expect.poll(given, { timeout: 10_000, interval: 50 }).toEqual([]);
    await expect
      .poll(() => world.deps.mongo.collection('audit').countDocuments({ action: 'export.failed' }), { timeout: 10_000 })
      .toBe(1);
  }, 120_000);

  it('control 62: is for 20,000 rows at most; more are a job', async () => {
    await add(20_000 - ROWS, 3);
    const fits = await begin();
    expect(fits.statusCode).toBe(200);
    fits.destroy();
    await add(1, 3);
    const answer = await clerk.get('/api/business/people/export');
    expect([answer.status, answer.body.code, answer.body.params]).toEqual([422, 'export_too_large', { most: 20_000 }]);
    await expect.poll(given, { timeout: 10_000 }).toEqual([]);
  }, 120_000);
});
