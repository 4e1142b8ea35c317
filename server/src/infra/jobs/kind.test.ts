import type { Model } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { addChores, chore, choreModel, type Chore } from '../../../test/work.ts';
import { createWorker, watchWork, type DeadWork, type Place, type WorkKind } from './index.ts';

describe('a kind of work', () => {
  let t: TestDeps;
  let chores: Model<Chore>;
  let kind: WorkKind;

  beforeAll(async () => {
    t = await makeDeps();
    chores = choreModel(t.deps);
    kind = createWorker<Chore>(t.deps, {
      name: 'chore',
      model: chores,
      label: { 'zh-CN': '杂务', en: 'Chore' },
      about: ({ name }) => name,
      revive: { $set: { note: 'again' } },
      jobField: 'name',
      run: async () => undefined,
    }).kind;
  });
  afterAll(() => t.close());
  beforeEach(() => chores.deleteMany({}));

  const die = async (names: string[], since = t.clock()) => {
    await addChores(t.deps, names);
    await chores.updateMany(
      { name: { $in: names } },
      { $set: { 'work.state': 'dead', 'work.due': since, 'work.attempts': 5, 'work.fault': 'crashed' } },
    );
  };

  it('lists what was given up, newest first, page by page, also of one moment', async () => {
    const now = t.clock();
    await die(['a', 'b', 'c'], now);
    await die(['old'], new Date(now.getTime() - 5_000));
    await addChores(t.deps, ['alive']);
    const all: DeadWork[] = [];
    let place: Place | null = null;
    for (;;) {
      const page: DeadWork[] = await kind.dead(place, 2);
      if (page.length === 0) break;
      all.push(...page);
      const last = page.at(-1)!;
      place = { since: last.since, id: last.id };
    }
    expect(all.map(({ about }) => about)).toEqual(['c', 'b', 'a', 'old']);
    expect(all[0]).toEqual({
      kind: 'chore',
      id: String((await chore(t.deps, 'c'))._id),
      about: 'c',
      since: now,
      attempts: 5,
      fault: 'crashed',
    });
    expect((await kind.dead({ since: now, id: null }, 9)).length).toBe(4);
    expect(await kind.dead({ since: now, id: 'not an id of ours' }, 9)).toEqual([]);
  });

  it('has the dead tried again, or lets them rest; nothing else', async () => {
    await die(['a', 'b']);
    await addChores(t.deps, ['alive']);
    const id = async (name: string) => String((await chore(t.deps, name))._id);
    expect(await kind.retry(await id('a'))).toBe(true);
    expect(await chore(t.deps, 'a')).toMatchObject({
      note: 'again',
      work: { state: 'waiting', due: t.clock(), attempts: 0, fault: null },
    });
    expect(await kind.dismiss(await id('b'))).toBe(true);
    expect(await chore(t.deps, 'b')).toMatchObject({ note: null, work: { state: 'done', fault: 'crashed' } });
    for (const which of [await id('a'), await id('b'), await id('alive'), '65f0c0ffee0ddba11ca7b0a7', '$gt', ''])
      expect([await kind.retry(which), await kind.dismiss(which)]).toEqual([false, false]);
  });

  it('is counted by job and state, with the age of what is due', async () => {
    await addChores(t.deps, ['mop', 'mop', 'dust'], 10_000);
    await die(['dust']);
    await addChores(t.deps, ['later']);
    await chores.updateMany({ name: 'later' }, { $set: { 'work.due': new Date(t.clock().getTime() + 1) } });
    watchWork(t.deps, [kind]);
    const text = await t.deps.metrics.registry.metrics();
    expect(text).toMatch(/work_documents\{job="mop",state="waiting"\} 2/);
    expect(text).toMatch(/work_documents\{job="dust",state="dead"\} 2/);
    expect(text).toMatch(/work_overdue_seconds\{job="mop"\} 30/);
    expect(text).toMatch(/work_overdue_seconds\{job="later"\} 0/);

    await chores.deleteMany({});
    // Asked again later, by another process.
    watchWork(t.deps, [kind]);
    expect(await t.deps.metrics.registry.metrics()).not.toMatch(/work_documents\{/);
  });

  it('that can’t be counted spoils no other metric', async () => {
    watchWork(t.deps, [{ ...kind, counts: () => Promise.reject(new Error('away')) }]);
    t.deps.metrics.counter('others_total', 'Others.').inc();
    expect(await t.deps.metrics.registry.metrics()).toMatch(/others_total 1/);
  });
});
