import { afterEach, describe, expect, it } from 'vitest';
import { makeHost, release, type TestHost } from './test/host.ts';

let host: TestHost;
afterEach(() => host.close());

describe('the road of one host to a release', () => {
  it('goes from an empty host to a serving one, and from there to the next release', async () => {
    host = await makeHost();
    await host.addRelease(release(1));
    await host.addRelease(release(2));
    const fence = await host.take();
    await host.deploy(release(1), fence);
    let facts = await host.facts();
    expect(facts).toMatchObject({ current: release(1), previous: null, draining: false, left: false });
    expect(facts.ready).toEqual({ status: 200, build: release(1), error: null });
    await host.deploy(release(2), fence);
    facts = await host.facts();
    expect(facts).toMatchObject({ current: release(2), previous: release(1), state: { phase: 'serving' } });
    expect(facts.ready.build).toBe(release(2));
    expect(await host.ok('lock', 'give', '--fence', String(fence))).toMatchObject({ ok: true });
  });
});
