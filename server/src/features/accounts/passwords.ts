import { hash, verify } from '@node-rs/argon2';

/** OWASP's floor for argon2id (algorithm 2; the library's names are const enums): 19 MiB, two passes, one lane; about 11 ms of a core. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hash of a random text nobody knows: what is verified when there is no account. */
const DUMMY = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXRoaW5ncmFuZG9t$Y7G4OkWqyqFsSYTjLDJCUYyQ4EfYNIYsLmxEbZBL8vI';

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS);

/** Whether the password belongs to the hash. A broken hash is a no, not an error. */
export const verifyPassword = (stored: string, password: string): Promise<boolean> =>
  verify(stored, password).catch(() => false);

/** The same work for nothing, so that an unknown name costs what a known one does. */
export async function verifyNothing(password: string): Promise<false> {
  await verify(DUMMY, password).catch(() => false);
  return false;
}
