import type { Log } from '../logger/index.ts';
import { createHttpSms } from './http.ts';
import { createOutbox } from './outbox.ts';
import { SmsError, type SmsSender } from './types.ts';

export { isVendorId, SmsError, type SmsFault, type SmsMessage, type SmsSender, type SmsTaken } from './types.ts';

export interface SmsConfig {
  driver: 'outbox' | 'http';
  outbox: string;
  url: string | null;
  secret: string | null;
}

/** The sender that the configuration asks for. Logs the outcome, never the phone or the text. */
export function createSms(config: SmsConfig, deps: { log: Log; clock: () => Date; fetch?: typeof fetch }): SmsSender {
  const driver = createDriver(config, deps);
  return {
    async send(message) {
      try {
        const taken = await driver.send(message);
        deps.log.info('sms.sent', { template: message.template, driver: config.driver });
        return taken;
      } catch (error) {
        deps.log.error('sms.refused', { template: message.template, driver: config.driver, err: error });
        throw error instanceof SmsError ? error : new SmsError('unavailable', 'the driver failed', error);
      }
    },
  };
}

function createDriver(
  { driver, outbox, url, secret }: SmsConfig,
  { clock, fetch }: { clock: () => Date; fetch?: typeof globalThis.fetch },
): SmsSender {
  if (driver === 'outbox') return createOutbox(outbox, clock);
  if (!url || !secret) throw new SmsError('misconfigured', 'the http driver needs a URL and a secret');
  return createHttpSms({ url, secret, clock, ...(fetch ? { fetch } : {}) });
}
