import { faceOf, NO_FACE } from '../../shell/face';
import { decoded, pageUrl, readPath, webUrl, type PagePath } from '../../shell/paths';
import type { ShellApp } from '../../shell/shell';

const shellOf = () => getApp<ShellApp>().shell;

Page({
  data: { ...NO_FACE, title: '', text: '', busy: false },

  path: null as PagePath | null,
  stop: null as (() => void) | null,

  async onLoad(query) {
    this.setData(faceOf(shellOf()));
    this.path = readPath(decoded(query.path));
    this.stop = shellOf().whenOnline(() => void this.retry());
    await this.say();
  },

  onUnload() {
    this.stop?.();
  },

  /** No network, or a site that does not answer: two sentences, for there are two things to do. */
  async say() {
    const { texts } = shellOf();
    const title = (await shellOf().online()) ? '' : texts.offlineTitle;
    this.setData({ title, text: title ? texts.offlineText : texts.busyText });
    shellOf().entitle(title || texts.name);
  },

  async retry() {
    if (this.data.busy) return;
    this.setData({ busy: true });
    const said = await shellOf().site.refresh();
    this.setData({ busy: false });
    if (said === 'offline' || said === 'busy') return this.say();
    this.stop?.();
    if (said === 'outdated') return shellOf().go(pageUrl('maintenance', this.path), true);
    await (this.path ? shellOf().go(webUrl(this.path), true) : shellOf().home());
  },

  toHome() {
    return shellOf().home();
  },
});
