import { evictOlder } from './command.mjs';
import { usage } from './fault.mjs';
import { breakLock, describe, giveLock, readLock, renewLock, takeLock } from './lock.mjs';

/**
 * Apart from the others because the lease is renewed every few seconds, for as long as an operator is at work: what these
 * load is a small part of the program.
 * @type {Record<string, import('./commands.mjs').Command>}
 */
export const lockCommands = {
  'lock take': async ({ paths, args }) => {
    const holder = args.json('holder');
    const [lease, atLeast] = [args.number('lease'), args.number('fence-at-least', 0)];
    args.done();
    if (!(lease > 0)) throw usage('--lease wants seconds');
    const lock = await takeLock(paths, holder, lease, atLeast);
    await evictOlder(paths, lock.fence);
    return { fence: lock.fence, expiresAt: lock.expiresAt, before: lock.before };
  },
  'lock renew': async ({ paths, args }) => {
    args.text('step');
    const lease = args.text('lease');
    const lock = await renewLock(paths, args.number('fence'), lease === undefined ? undefined : args.number('lease'));
    args.done();
    return { fence: lock.fence, expiresAt: lock.expiresAt };
  },
  'lock give': async ({ paths, args }) => ({ fence: (await giveLock(paths, args.number('fence'))).fence }),
  'lock show': async ({ paths }) => ({ lock: describe(readLock(paths)) }),
  'lock break': async ({ paths }) => {
    const lock = await breakLock(paths);
    await evictOlder(paths, lock.fence);
    return { fence: lock.fence, before: lock.before };
  },
};
