import { ask, keep, kept, type ConsentAnswer, type Platform } from './platform';

export interface Privacy {
  /** Begins to listen for WeChat's own question. `show` opens the privacy page. */
  start(show: () => void): void;
  /** Whether the citizen must be asked before anything is collected. `version`: of the site's notice. */
  needed(version: string): Promise<boolean>;
  /** Whether WeChat itself must hear of the consent, by a button of its own type; else any button will do. */
  wechatAsks(): Promise<boolean>;
  /** The citizen agreed; when WeChat asks, by a button of type agreePrivacyAuthorization with the id AGREE_BUTTON. */
  agree(version: string): void;
  /** The citizen refused, or left without an answer: what waited is refused. */
  refuse(): void;
  openContract(): Promise<void>;
}

export const AGREE_BUTTON = 'agree';

const KEY = 'privacy';

/**
 * Consent is asked for by us before the log-in, and by WeChat before any of its calls that reads personal data. Both end on one page. Kept on the
 * phone is the version of the notice, so that a new one asks again.
 */
export function createPrivacy(wx: Platform): Privacy {
  let waiting: ConsentAnswer[] = [];
  /** What was agreed to since the start: it counts, whether or not it could be kept. */
  let stated: string | undefined;
  const answerAll = (answer: Parameters<ConsentAnswer>[0]) => {
    const all = waiting;
    waiting = [];
    for (const one of all) one(answer);
  };
  return {
    start(show) {
      wx.onNeedPrivacyAuthorization((answer) => {
        waiting.push(answer as unknown as ConsentAnswer);
        if (waiting.length === 1) show();
      });
    },
    async needed(version) {
      const agreed = stated ?? kept(wx, KEY);
      if (typeof agreed !== 'string' || !agreed.startsWith('v') || (version && agreed !== `v${version}`)) return true;
      return this.wechatAsks();
    },
    async wechatAsks() {
      if (waiting.length > 0) return true;
      try {
        const said = await ask<{ needAuthorization: boolean }>((callbacks) => wx.getPrivacySetting(callbacks));
        return said.needAuthorization;
      } catch {
        // WeChat can't say; our own record of the consent counts.
        return false;
      }
    },
    agree(version) {
      stated = `v${version}`;
      keep(wx, KEY, stated);
      answerAll({ event: 'agree', buttonId: AGREE_BUTTON });
    },
    refuse: () => answerAll({ event: 'disagree' }),
    openContract: async () => {
      await ask((callbacks) => wx.openPrivacyContract(callbacks)).catch(() => undefined);
    },
  };
}
