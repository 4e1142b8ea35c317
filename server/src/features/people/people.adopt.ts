import type { Deps } from '../../deps.ts';
import { personLinkModel } from './people.model.ts';

/** Moves the links of an account to the account that it goes into. Its own person stays `self` only where the other one has none. */
export function createLinkAdoption({ mongo }: Pick<Deps, 'mongo'>) {
  const links = personLinkModel(mongo);
  /** Call it in the transaction that ends the account. Answers how many people came along. */
  return async (from: string, to: string): Promise<number> => {
    const mine = await links.find({ accountId: from }).sort({ createdAt: 1 }).lean();
    let moved = 0;
    for (const { personId, relation } of mine) {
      const link = { accountId: from, personId };
      if (await links.exists({ accountId: to, personId })) await links.deleteOne(link);
      else {
        const own = relation === 'self' && !(await links.exists({ accountId: to, relation: 'self' }));
        await links.updateOne(link, { $set: { accountId: to, relation: own ? 'self' : 'family' } });
        moved += 1;
      }
    }
    return moved;
  };
}
