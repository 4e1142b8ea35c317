import type { Connection } from 'mongoose';

/** The cursors that the database holds open on a collection: how many documents each has given out. */
export async function openCursors(connection: Connection, collection: string): Promise<number[]> {
  const found = await connection
    .getClient()
    .db('admin')
    .aggregate(
      [
        { $currentOp: { idleCursors: true, localOps: true } },
        { $match: { ns: `${connection.name}.${collection}`, cursor: { $exists: true } } },
      ],
      { readConcern: { level: 'local' } as never },
    )
    .toArray();
  return found.map(({ cursor }) => Number((cursor as { nDocsReturned: unknown }).nDocsReturned));
}
