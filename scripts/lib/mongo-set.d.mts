/** Types of mongo-set.mjs for the TypeScript that tests what a replica set does. */

interface AdminDatabase {
  command(command: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** Runs `work` with an admin database over a direct connection to one member. */
export function withMember<T>(port: number, work: (admin: AdminDatabase) => Promise<T>): Promise<T>;
