import { faceOf, momentText, NO_FACE } from '../../shell/face';
import { decoded, readPath, webUrl, type PagePath } from '../../shell/paths';
import type { ShellApp } from '../../shell/shell';
import { isBelow, type Site } from '../../shell/site';
import type { ApiFault } from '../../shell/api';

const shellOf = () => getApp<ShellApp>().shell;

/** The site is closed for a while, or does not serve this shell any more. */
Page({
  data: { ...NO_FACE, outdated: false, title: '', text: '', until: '', busy: false },

  path: null as PagePath | null,

  async onLoad(query) {
    this.setData(faceOf(shellOf()));
    this.path = readPath(decoded(query.path));
    this.say(await shellOf().site.current());
  },

  /** @returns whether there is something to wait for */
  say(said: Site | ApiFault): boolean {
    const { texts, settings } = shellOf();
    const outdated = typeof said === 'string' ? said === 'outdated' : isBelow(settings.version, said.minShell);
    const closed = typeof said === 'string' ? null : said.maintenance;
    const title = outdated ? texts.outdatedTitle : closed?.title || texts.maintenanceTitle;
    const text = outdated ? texts.outdatedText : closed?.text || texts.maintenanceText;
    this.setData({ outdated, title, text, until: outdated ? '' : momentText(closed?.until || '') });
    shellOf().entitle(title);
    return outdated || closed !== null || typeof said === 'string';
  },

  async retry() {
    if (this.data.busy) return;
    this.setData({ busy: true });
    const waits = this.say(await shellOf().site.refresh());
    this.setData({ busy: false });
    if (waits) return;
    await (this.path ? shellOf().go(webUrl(this.path), true) : shellOf().home());
  },

  /** Restarts with the new version if it has come; else looks whether the site serves this one again. */
  async update() {
    if (!shellOf().update.apply()) await this.retry();
  },

  toHome() {
    return shellOf().home();
  },
});
