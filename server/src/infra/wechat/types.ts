/** Where WeChat's API is and as which mini-program we call it. */
export interface WechatConfig {
  /** Origin, without a path. */
  url: string;
  appId: string;
  appSecret: string;
}

/** Who has opened the mini-program. */
export interface WechatUser {
  /** This user in this mini-program. */
  openid: string;
  /** The same user in all programs of the operator's; null while the operator has not joined them. */
  unionid: string | null;
}

export interface WechatPhone {
  /** Without the country's code. */
  phone: string;
  /** `86` */
  countryCode: string;
}

/** What the server asks of WeChat. Each code is good for five minutes and once. */
export interface Wechat {
  /** Who is behind a code of `wx.login` (code2Session). @throws WechatError */
  identify(code: string): Promise<WechatUser>;
  /** The verified phone behind a code of the phone button (getuserphonenumber). @throws WechatError */
  phone(code: string): Promise<WechatPhone>;
}

/**
 * Why WeChat gave no answer. `refused`: this code is wrong, old, used or of a blocked user. `busy`: WeChat is, or a limit of
 * calls is reached: try again. `unavailable`: no connection, or an answer that can't be read. `misconfigured`: app id,
 * secret, list of addresses or rights of the mini-program: an operator must act.
 */
export type WechatFault = 'refused' | 'busy' | 'unavailable' | 'misconfigured';

export class WechatError extends Error {
  override name = 'WechatError';
  readonly fault: WechatFault;
  /** WeChat's own number; null when it gave none. */
  readonly errcode: number | null;

  constructor(fault: WechatFault, detail: string, errcode: number | null = null, cause?: unknown) {
    super(`WeChat, ${fault}: ${detail}`, cause === undefined ? undefined : { cause });
    this.fault = fault;
    this.errcode = errcode;
  }
}
