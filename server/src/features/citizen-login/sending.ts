import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import type { Deliveries } from '../deliveries/index.ts';
import { addressGroup } from './address.ts';
import type { createLoginCodes } from './login-codes.ts';
import type { createQuotas, Window } from './quotas.ts';

export const RESEND_SECONDS = 60;
const PAUSE = 'sms-pause';

/** Decides whether a code may be sent, and sends it. Knows nothing of accounts: known and unknown phones are the same to it. */
export function createSending(
  deps: Deps,
  {
    codes,
    quotas,
    deliveries,
  }: {
    codes: ReturnType<typeof createLoginCodes>;
    quotas: ReturnType<typeof createQuotas>;
    deliveries: Pick<Deliveries, 'sent'>;
  },
) {
  const { perPhonePerDay, perAddressPerHour, perSitePerHour } = deps.config.sms;

  /** Takes one from every window, or none from any. @throws Problem too_many_requests */
  const takeAll = async (windows: readonly Window[]): Promise<void> => {
    const taken: Window[] = [];
    for (const window of windows) {
      const retryAfter = await quotas.take(window);
      if (retryAfter === 0) taken.push(window);
      else {
        for (const one of taken) await quotas.giveBack(one);
        deps.log.warn('sms.refused', { reason: window.what });
        throw new Problem('too_many_requests', { retryAfter });
      }
    }
  };

  return {
    /**
     * Sends a code to a phone and answers its id. Redis is asked first: while it is away nothing is counted and nothing sent.
     * @throws Problem too_many_requests (with the seconds to wait), sms_unavailable
     */
    async send(phone: string, ip: string): Promise<string> {
      await codes.assertReady();
      const whose = deps.cipher.index('quota.phone', phone);
      const wait = await quotas.pause(PAUSE, whose, RESEND_SECONDS);
      if (wait > 0) throw new Problem('too_many_requests', { retryAfter: wait });
      let issued: { loginCodeId: string; code: string } | null = null;
      try {
        await takeAll([
          {
            what: 'sms-address',
            whom: deps.cipher.index('quota.address', addressGroup(ip)),
            per: 'hour',
            max: perAddressPerHour,
          },
          { what: 'sms-phone', whom: whose, per: 'day', max: perPhonePerDay },
          { what: 'sms-site', whom: 'all', per: 'hour', max: perSitePerHour },
        ]);
        issued = await codes.issue(phone);
        const message = { phone, template: 'login-code', params: { code: issued.code, minutes: '5' } } as const;
        await deliveries.sent(await deps.sms.send(message), message.template);
        return issued.loginCodeId;
      } catch (err) {
        // Nothing came: the next try need not wait. What was counted stays counted, since the vendor may have taken it after all.
        await quotas.endPause(PAUSE, whose).catch(() => undefined);
        if (issued) await codes.forget(issued.loginCodeId).catch(() => undefined);
        throw (err as Error).name === 'SmsError' ? new Problem('sms_unavailable', { retryAfter: 30 }) : err;
      }
    },
  };
}
