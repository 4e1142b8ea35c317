import { WechatError, type WechatFault } from './types.ts';

/** WeChat's numbers → what they mean for us. Anything else is `unavailable`. */
const FAULTS: Record<number, WechatFault> = {
  [-1]: 'busy',
  // The call's limit of the day, of the minute.
  45009: 'busy',
  45011: 'busy',
  // Wrong or old; used; of a user whom WeChat holds for dangerous.
  40029: 'refused',
  40163: 'refused',
  40226: 'refused',
  // App id, secret, server's address not on the list, no such right, frozen.
  40002: 'misconfigured',
  40013: 'misconfigured',
  40125: 'misconfigured',
  40164: 'misconfigured',
  41002: 'misconfigured',
  41004: 'misconfigured',
  48001: 'misconfigured',
  50002: 'misconfigured',
  61024: 'misconfigured',
};

/** The access token is not the present one, or its time is over: another one helps. */
export const isTokenFault = (errcode: number): boolean => errcode === 40001 || errcode === 40014 || errcode === 42001;

/** Throws unless the answer is a success. Only the number goes on: WeChat's text may quote what was sent. */
export function assertDone(call: string, errcode: number): void {
  if (errcode !== 0) throw new WechatError(FAULTS[errcode] ?? 'unavailable', `${call} answered ${errcode}`, errcode);
}
