import { ask, type Platform, type UpdateManager } from './platform';
import type { Texts } from './texts';

export interface Update {
  start(): void;
  /** Somebody is on the home page: nothing typed can be lost by a restart. */
  atHome(): Promise<void>;
  leftHome(): void;
  /** Restarts with the new version, if it is here. False if there is none. */
  apply(): boolean;
}

/** WeChat fetches a new shell beside the old one; we offer the restart once, and never in the middle of a form. */
export function createUpdate(wx: Platform, texts: Texts): Update {
  let manager: UpdateManager | undefined;
  let arrived: 'ready' | 'failed' | null = null;
  let told = false;
  let home = false;

  const offer = async () => {
    if (!home || told || !arrived) return;
    told = true;
    const ready = arrived === 'ready';
    const question = ready
      ? { title: texts.updateTitle, content: texts.updateText, confirmText: texts.restart, cancelText: texts.later }
      : { title: texts.outdatedTitle, content: texts.updateFailed, confirmText: texts.understood };
    const said = await ask<{ confirm: boolean }>((callbacks) =>
      wx.showModal({ ...question, showCancel: ready, ...callbacks }),
    ).catch(() => ({ confirm: false }));
    if (ready && said.confirm) manager?.applyUpdate();
  };
  const arrive = (what: 'ready' | 'failed') => () => {
    arrived = what;
    told = false;
    void offer();
  };

  return {
    start() {
      manager = wx.getUpdateManager();
      manager.onUpdateReady(arrive('ready'));
      manager.onUpdateFailed(arrive('failed'));
    },
    atHome: () => {
      home = true;
      return offer();
    },
    leftHome: () => void (home = false),
    apply() {
      if (arrived !== 'ready') return false;
      manager?.applyUpdate();
      return true;
    },
  };
}
