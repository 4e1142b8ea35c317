import type { Deps } from '../../deps.ts';
import { decodeCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import { wakeWorkers, type DeadWork, type Place, type WorkKind } from '../../infra/jobs/index.ts';
import { afterCommit, transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { assertEverywhere, type Operator } from './schedules.service.ts';

const LAST_MOMENT = 8.64e15;

/** What was given up, of all kinds of work in one list: newest first, then by kind and id. */
export function createDeadWork(
  deps: Pick<Deps, 'mongo' | 'redis'>,
  { audit, kinds }: { audit: Pick<Audit, 'record'>; kinds: readonly WorkKind[] },
) {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const order = (a: DeadWork, b: DeadWork) =>
    b.since.getTime() - a.since.getTime() || compare(b.kind, a.kind) || compare(b.id, a.id);

  async function change(
    { caller, ip }: Operator,
    { kind: name, id }: { kind: string; id: string },
    how: 'retry' | 'dismiss',
  ) {
    assertEverywhere(caller, 'job.manage');
    const kind = byName.get(name);
    if (!kind) throw new Problem('not_found');
    await transact(deps.mongo, async () => {
      if (!(await kind[how](id))) throw new Problem('not_found');
      await audit.record({
        caller,
        ip,
        action: how === 'retry' ? 'work.retried' : 'work.dismissed',
        object: { type: name, id },
      });
      if (how === 'retry') afterCommit(deps.mongo, () => void wakeWorkers(deps, name));
    });
  }

  return {
    /** @throws invalid_input for a cursor that we did not make */
    async list(caller: StaffCaller, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      assertEverywhere(caller, 'job.read');
      const after = cursor ? decode(cursor) : null;
      const found = await Promise.all(kinds.map((kind) => kind.dead(after && placeIn(kind.name, after), limit + 1)));
      const rows = found.flat().toSorted(order);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map(({ since, ...rest }) => ({
          ...rest,
          kindLabel: byName.get(rest.kind)!.label,
          since: since.toISOString(),
        })),
        nextCursor: rows.length > limit && last ? encodeCursor([last.since.getTime(), last.kind, last.id]) : null,
      };
    },

    /** Tries it again, with all its attempts. @throws not_found */
    retry: (operator: Operator, which: { kind: string; id: string }) => change(operator, which, 'retry'),

    /** Lets it rest for good. @throws not_found */
    dismiss: (operator: Operator, which: { kind: string; id: string }) => change(operator, which, 'dismiss'),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where a kind's own list goes on after a row of the whole list: of the same moment, the kinds behind it are still to come. */
function placeIn(kind: string, last: { since: Date; kind: string; id: string }): Place {
  if (kind === last.kind) return { since: last.since, id: last.id };
  return kind < last.kind ? { since: last.since, id: null } : { since: new Date(last.since.getTime() - 1), id: null };
}

function decode(cursor: string): { since: Date; kind: string; id: string } {
  const [ms, kind, id] = decodeCursor(cursor, ['number', 'string', 'string']) as [number, string, string];
  if (!Number.isInteger(ms) || Math.abs(ms) > LAST_MOMENT || !/^[A-Za-z0-9@:._|-]{1,120}$/.test(id))
    throw new Problem('invalid_input', { issues: [{ path: 'query.cursor', code: 'pattern_mismatch' }] });
  return { since: new Date(ms), kind, id };
}
