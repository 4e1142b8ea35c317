import { faceOf, NO_FACE } from '../../shell/face';
import { decoded, readPath, webUrl, type PagePath } from '../../shell/paths';
import type { ShellApp } from '../../shell/shell';

const shellOf = () => getApp<ShellApp>().shell;

Page({
  data: { ...NO_FACE, wechatAsks: true },

  /** Where to go on; null if WeChat asked in the middle of something. */
  path: null as PagePath | null,
  agreed: false,

  async onLoad(query) {
    this.setData(faceOf(shellOf()));
    shellOf().entitle(shellOf().texts.privacyTitle);
    this.path = readPath(decoded(query.path));
    this.setData({ wechatAsks: await shellOf().privacy.wechatAsks() });
  },

  /** Left without an answer is a refusal. */
  onUnload() {
    if (!this.agreed) shellOf().privacy.refuse();
  },

  /** By WeChat's button it is the button's own event: WeChat has noted the consent then. */
  async agree() {
    const shell = shellOf();
    if (this.agreed) return;
    this.agreed = true;
    shell.privacy.agree(shell.site.cached()?.privacy.version || '');
    if (this.path) await shell.go(webUrl(this.path), true);
    else await shell.back(getCurrentPages().length);
  },

  async refuse() {
    await shellOf().back(getCurrentPages().length);
  },

  /** The site's own notice. */
  async notice() {
    const path = shellOf().site.cached()?.privacy.path;
    if (path) await shellOf().go(webUrl(path));
  },

  /** What the authority has declared to WeChat. */
  contract() {
    return shellOf().privacy.openContract();
  },
});
