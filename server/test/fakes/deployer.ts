import { createHmac } from 'node:crypto';

/** Signs like the real one; `wrong` changes what is sent after signing. */
export interface SignOptions {
  secret?: string;
  /** Default the deployment's clock. */
  at?: Date;
  wrong?: (body: string) => string;
}

export interface Deployer {
  /** A release that numbers its events itself; `facts` are told with each of them. */
  release(id: string, facts: object): ToldRelease;
  query(asked: object, options?: SignOptions): Promise<{ status: number; body: any }>;
}

export interface ToldRelease {
  id: string;
  /** `facts.seq` goes before the own count. */
  tell(state: string, facts?: object, options?: SignOptions): Promise<{ status: number; body: any }>;
}

/** What the operator's program and the hosts say to the release records. */
export function createDeployer({
  origin,
  secret,
  clock,
}: {
  origin: string;
  secret: string;
  clock: () => Date;
}): Deployer {
  const post = async (
    path: string,
    message: object,
    { secret: signedWith = secret, at = clock(), wrong = (body: string) => body }: SignOptions = {},
  ) => {
    const body = JSON.stringify(message);
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const response = await fetch(`${origin}/api/callbacks/releases/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-timestamp': timestamp,
        'x-signature': createHmac('sha256', signedWith).update(`${timestamp}.${body}`).digest('hex'),
      },
      body: wrong(body),
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    release(id, facts) {
      let seq = 0;
      return {
        id,
        tell: (state, more = {}, options = {}) =>
          post(
            'events',
            { release: id, seq: (seq += 1), at: clock().toISOString(), state, ...facts, ...more },
            options,
          ),
      };
    },
    query: (asked, options) => post('query', asked, options),
  };
}
