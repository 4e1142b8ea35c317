import { faceOf, momentText, NO_FACE } from '../../shell/face';
import { HOME, pageUrl, webUrl, writePath } from '../../shell/paths';
import type { ShellApp } from '../../shell/shell';
import type { Site } from '../../shell/site';

const shellOf = () => getApp<ShellApp>().shell;

/** What home.wxss can draw; an icon that is newer than this shell becomes a form. */
const ICONS = ['form', 'list', 'calendar', 'pass', 'health', 'travel', 'notice', 'help'];

/** What the page draws of a module. */
interface Card {
  key: string;
  title: string;
  text: string;
  /** Class of the icon. */
  icon: string;
  open: boolean;
  notOpen: string;
  path: string;
}

Page({
  data: {
    ...NO_FACE,
    state: 'loading' as 'loading' | 'ready' | 'fault',
    cards: [] as Card[],
    maintenance: null as Site['maintenance'],
    stale: false,
    version: '',
  },

  /** A page is on its way: a second tap opens none over it. */
  going: false,

  async onLoad() {
    // A page came back by redirectTo: home is never over another page.
    if (getCurrentPages().length > 1) return shellOf().home();
    const { site, texts, settings } = shellOf();
    shellOf().entitle(texts.name);
    this.setData({ ...faceOf(shellOf()), version: settings.version });
    const before = site.cached();
    if (before) this.draw(before);
  },

  async onShow() {
    this.going = false;
    this.setData(faceOf(shellOf()));
    await Promise.all([this.refresh(), shellOf().update.atHome()]);
  },

  onHide() {
    shellOf().update.leftHome();
  },

  onUnload() {
    shellOf().update.leftHome();
  },

  async onPullDownRefresh() {
    await this.refresh();
    shellOf().pulled();
  },

  onShareAppMessage() {
    const { site, texts } = shellOf();
    const share = site.cached()?.share;
    return share ? { title: share.title, path: webUrl(share.path) } : { title: texts.name, path: HOME };
  },

  async refresh() {
    const said = await shellOf().site.refresh();
    if (said === 'outdated') return shellOf().go(pageUrl('maintenance', null));
    if (typeof said !== 'string') this.draw(said);
    // What is on the screen stays on it.
    else this.setData(this.data.state === 'ready' ? { stale: true } : { state: 'fault' });
  },

  draw({ modules, maintenance }: Site) {
    const { texts } = shellOf();
    const cards = modules.map(({ key, title, text, icon, open, notOpenText, path }) => ({
      ...{ key, title, text, open, path: writePath(path) },
      icon: `icon-${ICONS.includes(icon) ? icon : 'form'}`,
      notOpen: open ? '' : notOpenText || texts.notOpen,
    }));
    this.setData({
      state: 'ready',
      cards,
      stale: false,
      maintenance: maintenance && { ...maintenance, until: momentText(maintenance.until) },
    });
  },

  async open({ currentTarget }: WechatMiniprogram.TouchEvent) {
    const { key } = currentTarget.dataset as { key?: string };
    const module = shellOf()
      .site.cached()
      ?.modules.find((one) => one.key === key);
    if (!module?.open || this.going) return;
    this.going = true;
    await shellOf().go(webUrl(module.path));
  },

  elder() {
    shellOf().display.setElder(!this.data.elder);
    this.setData(faceOf(shellOf()));
  },

  async retry() {
    this.setData({ state: 'loading' });
    await this.refresh();
  },
});
