export interface SmsMessage {
  /** Eleven digits. */
  phone: string;
  template: 'login-code';
  params: Record<string, string>;
}

/** An id that a vendor may give: no phone number, which has eleven digits and nothing else. */
export const isVendorId = (text: string): boolean => /^[\w-]{6,64}$/.test(text) && !/^\d{11}$/.test(text);

export interface SmsTaken {
  /** By what the vendor's receipt will name the message; null when none will come. */
  vendorId: string | null;
}

export interface SmsSender {
  /** Resolves when the vendor has taken the message. @throws SmsError */
  send(message: SmsMessage): Promise<SmsTaken>;
}

/**
 * Why a message was not taken. `unavailable`: no answer in time or the vendor is broken, try later. `limited`: the
 * vendor's own limit. `refused`: this phone or text is not accepted. `misconfigured`: signature, balance, template: an
 * operator must act.
 */
export type SmsFault = 'unavailable' | 'limited' | 'refused' | 'misconfigured';

export class SmsError extends Error {
  override name = 'SmsError';
  readonly fault: SmsFault;

  constructor(fault: SmsFault, detail: string, cause?: unknown) {
    super(`text message not sent, ${fault}: ${detail}`, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}
