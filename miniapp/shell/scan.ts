import { faultOf } from './bridge';
import type { Result } from '../contract/contract';
import { ask, type Platform } from './platform';

/** The longest text that a code holds, and that is handed on. */
const LONGEST = 4_096;

/** Reads a code with the camera, or from a picture; every end of it is a result. */
export async function scan(wx: Platform, nonce: string): Promise<Result> {
  try {
    const { result } = await ask<{ result: string }>((callbacks) =>
      wx.scanCode({ scanType: ['qrCode', 'barCode'], ...callbacks }),
    );
    if (result && result.length <= LONGEST) return { kind: 'scan', nonce, ok: true, data: result };
    return { kind: 'scan', nonce, ok: false, fault: 'failed' };
  } catch (fault) {
    return { kind: 'scan', nonce, ok: false, fault: faultOf((fault as Error).message) };
  }
}

/** What the event of a getPhoneNumber button means. The code is exchanged by the server; the number never comes here. */
export function phoneResult(nonce: string, detail: { code?: string; errMsg: string }): Result {
  if (detail.code && /^[\x21-\x7e]{1,256}$/.test(detail.code))
    return { kind: 'phone', nonce, ok: true, data: detail.code };
  return { kind: 'phone', nonce, ok: false, fault: faultOf(detail.errMsg) };
}
